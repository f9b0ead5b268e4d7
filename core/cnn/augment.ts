// Small changes of films while a network learns, so that it does not learn places and greys by heart.
// Pure: bytes and random numbers in, a sampling rule out. No tensors, so that every engine sees the same films.
import type { RunSettings } from '#api/runs.ts';
import { random } from '#core/random.ts';
import type { Random } from '#core/random.ts';

/** Where a film lies under its augmentation: source = matrix * (target - middle) + middle + shift, in pixels; and its greys. */
export interface Placement {
  /** Cosine and sine of the turn, by the factor of the size. */
  cos: number;
  sin: number;
  shiftX: number;
  shiftY: number;
  mirrored: boolean;
  tone: Tone;
}

/** A grey g (0 to 255) becomes (g - middle) * contrast + middle + brightness, with normal noise, cut to 0 to 255. */
export interface Tone {
  contrast: number;
  brightness: number;
  /** Standard deviation of the noise, in greys. */
  grain: number;
  /** Of the noise where it is drawn film by film; the compiled step draws its own. */
  seed: number;
}

export const middleGrey = 127.5;
const largestTurn = (10 * Math.PI) / 180;
const largestShift = 0.06; // of the side
const largestZoom = 0.1;
const largestTone = 0.15; // of contrast, and of the greys
const largestGrain = 0.03 * 255;

type AugmentSettings = Pick<RunSettings, 'augmentation' | 'mirror' | 'tones'>;

export const augmented = ({ augmentation, mirror, tones }: AugmentSettings) => augmentation || mirror || tones;

/** Draws a placement. Draws equally often whatever is switched on, so that switching one off leaves the others alone. */
export function drawPlacement(
  generator: Random,
  size: number,
  { augmentation, mirror, tones }: AugmentSettings,
): Placement {
  /** Even between -1 and 1; 0 where it is switched off. */
  const swing = (on: boolean) => (2 * generator.uniform() - 1) * (on ? 1 : 0);
  const angle = swing(augmentation) * largestTurn;
  const shiftX = swing(augmentation) * largestShift * size;
  const shiftY = swing(augmentation) * largestShift * size;
  // Halved and doubled alike: even in the logarithm.
  const factor = (1 + largestZoom) ** swing(augmentation);
  const mirrored = generator.uniform() < 0.5 && mirror;
  const tone = {
    contrast: 1 + swing(tones) * largestTone,
    brightness: swing(tones) * largestTone * 255,
    grain: generator.uniform() * (tones ? largestGrain : 0),
    seed: generator.below(2 ** 32),
  };
  return { cos: factor * Math.cos(angle), sin: factor * Math.sin(angle), shiftX, shiftY, mirrored, tone };
}

/**
 * One film under a placement, linear between pixels; beyond the edge the edge goes on (black corners would tell a
 * turned film from a straight one). Writes size * size values from `offset` on, each `scale * grey + add`.
 */
export function placeFilm(
  film: Uint8Array | Float32Array,
  size: number,
  { cos, sin, shiftX, shiftY, mirrored, tone }: Placement,
  target: Float32Array,
  offset: number,
  scale: number,
  add: number,
): void {
  const middle = (size - 1) / 2;
  const last = size - 1;
  const grained = tone.grain > 0 ? random(tone.seed) : null;
  const toned = (grey: number) => {
    const noise = grained ? tone.grain * grained.normal() : 0;
    const changed = (grey - middleGrey) * tone.contrast + middleGrey + tone.brightness + noise;
    return Math.min(255, Math.max(0, changed));
  };
  for (let row = 0; row < size; row++) {
    const v = row - middle;
    for (let column = 0; column < size; column++) {
      const u = mirrored ? middle - column : column - middle;
      const x = Math.min(last, Math.max(0, cos * u - sin * v + middle + shiftX));
      const y = Math.min(last, Math.max(0, sin * u + cos * v + middle + shiftY));
      const left = Math.min(Math.floor(x), last - 1);
      const top = Math.min(Math.floor(y), last - 1);
      const fx = x - left;
      const fy = y - top;
      const at = top * size + left;
      const upper = (film[at] ?? 0) * (1 - fx) + (film[at + 1] ?? 0) * fx;
      const lower = (film[at + size] ?? 0) * (1 - fx) + (film[at + size + 1] ?? 0) * fx;
      target[offset + row * size + column] = scale * toned(upper * (1 - fy) + lower * fy) + add;
    }
  }
}
