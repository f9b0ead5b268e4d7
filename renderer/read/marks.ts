// What the panel and the film agree on about marks: whether they are shown and which one is pointed at.
export interface MarkShown {
  readonly shown: boolean;
  /** Place of the mark that is pointed at. */
  readonly lit: number | null;
  toggle(): void;
  light(at: number | null): void;
}
