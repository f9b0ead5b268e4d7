// Small drawn films for tests of the network: a bright bar on a dark ground, broken by a dark gap or whole.
import { random } from '#core/random.ts';
import { runSettings } from '#api/runs.ts';
import type { RunSettings } from '#api/runs.ts';
import type { TrainingPlan } from '#core/cnn/trainer.ts';

export interface Films {
  pixels: Uint8Array;
  labels: Uint8Array;
}

/** How the bar of each film lies, and where it is broken if it is. */
function drawShapes(count: number, size: number, seed: number) {
  const generator = random(seed, 98);
  return Array.from({ length: count }, () => ({
    angle: (generator.uniform() - 0.5) * 0.6,
    shift: (generator.uniform() - 0.5) * size * 0.3,
    width: size * (0.1 + 0.05 * generator.uniform()),
    gap: (0.25 + 0.5 * generator.uniform()) * size,
  }));
}

/** Middle of each film's gap, in pixels. */
export function gapsOf(count: number, size: number, seed: number): { x: number; y: number }[] {
  return drawShapes(count, size, seed).map(({ angle, shift, gap }) => ({
    x: size / 2 + shift + angle * (gap - size / 2),
    y: gap,
  }));
}

/** Every second film is broken. `noise` in grey values. */
export function drawFilms(count: number, size: number, seed: number, noise = 12): Films {
  const generator = random(seed, 99);
  const pixels = new Uint8Array(count * size * size);
  const labels = Uint8Array.from({ length: count }, (_, film) => film % 2);
  for (const [film, { angle, shift, width, gap }] of drawShapes(count, size, seed).entries()) {
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const across = column - size / 2 - shift - angle * (row - size / 2);
        const broken = labels[film] === 1 && Math.abs(row - gap) < size * 0.06;
        const bone = Math.abs(across) < width && !broken ? 130 : 0;
        const soft = 60 * Math.exp(-((across / (3 * width)) ** 2));
        const grey = 20 + soft + bone + noise * generator.normal();
        pixels[(film * size + row) * size + column] = Math.max(0, Math.min(255, Math.round(grey)));
      }
    }
  }
  return { pixels, labels };
}

/** A plan over drawn films: of ten films seven to learn from, two to choose by, one to judge with. */
export function planOf(count: number, settings: Partial<RunSettings> = {}, noise?: number): TrainingPlan {
  const full = runSettings.parse({ epochs: 2, batch: 16, ...settings });
  const parts = Uint8Array.from({ length: count }, (_, film) => {
    const place = Math.floor(film / 2) % 10;
    return place < 7 ? 0 : place < 9 ? 1 : 2;
  });
  return { settings: full, parts, ...drawFilms(count, full.size, full.seed, noise) };
}
