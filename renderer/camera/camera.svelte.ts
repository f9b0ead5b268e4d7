// The camera: off, asking, live, or why not. Owns the stream and lets go of it when told.
// Must not keep a picture: it hands each one over.
import type { Trouble } from '#renderer/connect.ts';

export interface CameraChoice {
  id: string;
  name: string;
}

export type CameraState = 'off' | 'asking' | 'live' | 'trouble';

/** As many pixels as the camera has; a film is read from what it gives. */
const WISHED = { width: { ideal: 4096 }, height: { ideal: 2160 } };

export class Camera {
  #state = $state<CameraState>('off');
  #trouble = $state.raw<Trouble | null>(null);
  #stream = $state.raw<MediaStream | null>(null);
  #choices = $state.raw<CameraChoice[]>([]);
  #chosen = $state<string | null>(null);
  #turn = 0;

  get state(): CameraState {
    return this.#state;
  }

  get trouble(): Trouble | null {
    return this.#trouble;
  }

  /** What a video element shows; null while the camera is off. */
  get stream(): MediaStream | null {
    return this.#stream;
  }

  /** Cameras of this computer; named only once one of them may be used. */
  get choices(): CameraChoice[] {
    return this.#choices;
  }

  get chosen(): string | null {
    return this.#chosen;
  }

  /** Turns a camera on; the one used last where none is named. */
  async start(id: string | null = this.#chosen): Promise<void> {
    const turn = ++this.#turn;
    this.#letGo();
    this.#state = 'asking';
    this.#trouble = null;
    try {
      // Absent where the page did not come over a trusted way.
      const devices = (navigator as Partial<Navigator>).mediaDevices;
      if (!devices) throw new DOMException('no cameras here', 'NotFoundError');
      const wish = id === null ? { facingMode: 'environment', ...WISHED } : { deviceId: { exact: id }, ...WISHED };
      const stream = await devices.getUserMedia({ video: wish, audio: false });
      if (turn !== this.#turn) return stopAll(stream);
      this.#take(stream);
      await this.#list(devices);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#state = 'trouble';
      this.#trouble = cameraTrouble(error);
    }
  }

  stop(): void {
    this.#turn++;
    this.#letGo();
    this.#state = 'off';
  }

  #take(stream: MediaStream): void {
    const [track] = stream.getVideoTracks();
    this.#stream = stream;
    this.#state = 'live';
    this.#chosen = track?.getSettings().deviceId ?? null;
    track?.addEventListener('ended', () => {
      if (this.#stream !== stream) return;
      this.#letGo();
      this.#state = 'trouble';
      this.#trouble = cameraTrouble(new DOMException('gone', 'NotFoundError'), true);
    });
  }

  async #list(devices: MediaDevices): Promise<void> {
    const found = await devices.enumerateDevices();
    this.#choices = found
      .filter(({ kind }) => kind === 'videoinput')
      .map(({ deviceId, label }, at) => ({ id: deviceId, name: label || `Camera ${at + 1}` }));
  }

  #letGo(): void {
    if (this.#stream) stopAll(this.#stream);
    this.#stream = null;
  }
}

function stopAll(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** Why there is no picture, in words, with what to do. `had`: there was one before. */
export function cameraTrouble(error: unknown, had = false): Trouble {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') {
    return {
      code: 'NO_CAMERA',
      message: had ? 'The camera is no longer there.' : 'No camera was found on this computer.',
      next: 'Connect a camera and try again. A photograph in a file can be imported or classified like any film.',
    };
  }
  if (name === 'NotAllowedError' || name === 'SecurityError') {
    return {
      code: 'CAMERA_REFUSED',
      message: 'Osteon may not use the camera.',
      next: 'Allow the camera for this window: in a browser at the sign in its address bar, else in the system settings under privacy. Then try again.',
    };
  }
  if (name === 'NotReadableError' || name === 'AbortError') {
    return {
      code: 'CAMERA_BUSY',
      message: 'The camera does not answer: another program may be using it.',
      next: 'Close the other program, or unplug the camera and connect it again, then try again.',
    };
  }
  return {
    code: 'CAMERA_FAILED',
    message: 'The camera could not be turned on.',
    next: 'Connect it again and try again. A photograph in a file can be imported or classified like any film.',
  };
}
