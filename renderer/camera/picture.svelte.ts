// A picture taken with the camera on its way to be a film: sent once, framed by four corners, straightened by the core.
// Must not change pixels itself.
import { troubleOf } from '#renderer/connect.ts';
import type { Core, Trouble } from '#renderer/connect.ts';
import { newUploadSet, send } from '#renderer/import/dropped.ts';
import { framesFilm, movedCorner, startCorners } from './corners.ts';
import type { Corner } from './corners.ts';

export interface Straight {
  upload: string;
  width: number;
  height: number;
}

/** Corners at rest before the core is asked, ms: while dragging it would be asked sixty times a second. */
const REST_MS = 200;
const FILE = 'camera.png';

export class Picture {
  readonly width: number;
  readonly height: number;
  /** `blob:` address of the picture as it was taken. */
  readonly url: string;
  #core: Core;
  #upload = newUploadSet();
  #sent: Promise<void>;
  #corners = $state.raw<Corner[]>([]);
  #whole = $state(false);
  #straight = $state.raw<Straight | null>(null);
  #trouble = $state.raw<Trouble | null>(null);
  #working = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  constructor(core: Core, still: { blob: Blob; width: number; height: number }) {
    this.#core = core;
    this.width = still.width;
    this.height = still.height;
    this.url = URL.createObjectURL(still.blob);
    this.#corners = startCorners(still);
    const file = new File([still.blob], FILE, { type: still.blob.type });
    this.#sent = send(this.#upload, [{ path: FILE, file }], new AbortController().signal, () => undefined);
    this.#later(0);
  }

  get corners(): Corner[] {
    return this.#corners;
  }

  /** The picture stays as it is, uncropped. */
  get whole(): boolean {
    return this.#whole;
  }

  /** What the corners make of it; null until the core has answered. */
  get straight(): Straight | null {
    return this.#straight;
  }

  get working(): boolean {
    return this.#working;
  }

  get trouble(): Trouble | null {
    return this.#trouble;
  }

  /** Whether it can become a film now. */
  get ready(): boolean {
    return this.#whole || (this.#straight !== null && !this.#working && this.#trouble === null);
  }

  move(at: number, to: Corner): void {
    this.#corners = movedCorner(this.#corners, at, to, this);
    this.#later(REST_MS);
  }

  /** Corners back to where they began. */
  reset(): void {
    this.#corners = startCorners(this);
    this.#later(0);
  }

  keepWhole(whole: boolean): void {
    this.#whole = whole;
    if (!whole) this.#later(0);
  }

  /** Takes it into the library; answers the film. Throws what the core throws. */
  async capture(patient: string | null, bodyPart: string | null): Promise<{ xray: number; duplicate: boolean }> {
    await this.#sent;
    const corners = this.#whole ? null : this.#corners;
    return this.#core.imports.capture({ upload: this.#upload, corners, patient, bodyPart });
  }

  /** The set that holds what a network is to look at. */
  async toClassify(): Promise<string> {
    await this.#sent;
    return this.#whole || !this.#straight ? this.#upload : this.#straight.upload;
  }

  letGo(): void {
    clearTimeout(this.#timer);
    this.#turn++;
    URL.revokeObjectURL(this.url);
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#working = true;
    this.#timer = setTimeout(() => void this.#straighten(), ms);
  }

  async #straighten(): Promise<void> {
    const turn = ++this.#turn;
    try {
      await this.#sent;
      const corners = this.#corners;
      const straight = await this.#core.imports.straighten({ upload: this.#upload, corners });
      if (turn !== this.#turn) return;
      this.#straight = straight;
      this.#trouble = null;
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#straight = null;
      this.#trouble = troubleOf(error);
    }
    this.#working = false;
  }

  /** Corners dragged across each other frame nothing. */
  get frames(): boolean {
    return framesFilm(this.#corners);
  }
}
