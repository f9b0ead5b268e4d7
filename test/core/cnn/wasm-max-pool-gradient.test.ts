// The wasm backend's gradient of max pooling against tfjs's CPU backend, which is slow and plain.
import { createRequire } from 'node:module';
import type { Tensor4D } from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { loadEngine } from '#core/cnn/engine.ts';
import type { Tf } from '#core/cnn/engine.ts';

let tf: Tf;
beforeAll(async () => {
  ({ tf } = await loadEngine('wasm'));
  createRequire(import.meta.url)('@tensorflow/tfjs-backend-cpu');
});

it('equals the CPU backend over sizes, windows, strides and padding, where all of a window is below zero too', async () => {
  const side = fc.integer({ min: 1, max: 13 });
  const cases = fc.record({
    shape: fc.tuple(fc.integer({ min: 1, max: 3 }), side, side, fc.integer({ min: 1, max: 4 })),
    window: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 3 }),
    pad: fc.constantFrom('same' as const, 'valid' as const),
    /** Of the values: most lie below zero, or above. */
    mean: fc.constantFrom(-2, 0, 2),
    seed: fc.integer({ min: 1, max: 1000 }),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ shape, window, stride, pad, mean, seed }) => {
      if (pad === 'valid' && Math.min(shape[1], shape[2]) < window) return;
      const gradientOn = async (backend: string) => {
        await tf.setBackend(backend);
        return tf.tidy(() => {
          const x = tf.randomNormal(shape, mean, 1, 'float32', seed) as Tensor4D;
          const pool = (input: Tensor4D) => tf.maxPool(input, window, stride, pad);
          const weights = tf.randomNormal(pool(x).shape, 0, 1, 'float32', seed + 1);
          const gradient = tf.grad((input) => tf.sum(tf.mul(pool(input as Tensor4D), weights)))(x);
          return [...gradient.dataSync()];
        });
      };
      const [wasm, cpu] = [await gradientOn('wasm'), await gradientOn('cpu')];
      expect(Math.max(...wasm.map((value, at) => Math.abs(value - cpu[at]!)))).toBeLessThan(1e-5);
    }),
    { numRuns: 80, seed: 3 },
  );
});
