// Giving labels while reading: each saved at once, what is on its way shown as such, what was not saved kept in sight.
// Saved means the core answered; must never count anything before.
import type { Label } from '#api/labels.ts';
import type { Labelling } from '#renderer/app/labelling.svelte.ts';
import { troubleOf } from '#renderer/connect.ts';
import type { Trouble } from '#renderer/connect.ts';

export interface Unsaved {
  xray: number;
  label: Label | null;
  trouble: Trouble;
}

export class Decisions {
  #labelling: Labelling;
  #saving = $state.raw<{ xray: number; label: Label | null }[]>([]);
  #unsaved = $state.raw<Unsaved[]>([]);
  #given = $state(0);
  #startedMs = 0;

  constructor(labelling: Labelling) {
    this.#labelling = labelling;
  }

  /** Decisions on their way to the disk. */
  get saving(): { xray: number; label: Label | null }[] {
    return this.#saving;
  }

  /** Decisions the core did not take: still to be saved. */
  get unsaved(): Unsaved[] {
    return this.#unsaved;
  }

  /** Films decided in this sitting. */
  get given(): number {
    return this.#given;
  }

  /** Seconds a film in this sitting, pauses and all; null before the second. */
  get secondsEach(): number | null {
    return this.#given < 2 ? null : (performance.now() - this.#startedMs) / 1000 / this.#given;
  }

  /** Gives a label. Does not reject: what was not taken is among the unsaved. */
  async give(xray: number, label: Label | null): Promise<void> {
    if (this.#startedMs === 0) this.#startedMs = performance.now();
    const decision = { xray, label };
    this.#saving = [...this.#saving, decision];
    this.#unsaved = this.#unsaved.filter((other) => other.xray !== xray);
    try {
      await this.#labelling.set([xray], label);
      this.#given++;
    } catch (error) {
      const failed = { ...decision, trouble: troubleOf(error) };
      this.#unsaved = [...this.#unsaved.filter((other) => other.xray !== xray), failed];
    } finally {
      this.#saving = this.#saving.filter((other) => other !== decision);
    }
  }

  /** Tries again to save what was not taken. */
  async again(): Promise<void> {
    await Promise.all(this.#unsaved.map(({ xray, label }) => this.give(xray, label)));
  }
}
