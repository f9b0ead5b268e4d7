// The wasm backend's own kernel against tfjs's CPU backend, which has one.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Tensor4D } from '@tensorflow/tfjs';
import { loadEngine } from '#core/cnn/engine.ts';
import type { Tf } from '#core/cnn/engine.ts';

let tf: Tf;
beforeAll(async () => {
  ({ tf } = await loadEngine('wasm'));
});

interface Case {
  batch: number;
  height: number;
  width: number;
  inputs: number;
  outputs: number;
  kernel: [number, number];
  stride: [number, number];
  pad: 'valid' | 'same';
}

// No padding in numbers: the backend's own forward convolution breaks its memory when that is as wide as the kernel.
const cases: fc.Arbitrary<Case> = fc.record({
  batch: fc.integer({ min: 1, max: 4 }),
  height: fc.integer({ min: 5, max: 12 }),
  width: fc.integer({ min: 5, max: 12 }),
  inputs: fc.integer({ min: 1, max: 5 }),
  outputs: fc.integer({ min: 1, max: 6 }),
  kernel: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
  stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  pad: fc.constantFrom('valid' as const, 'same' as const),
});

async function gradientOn(backend: string, { kernel, stride, pad, ...shape }: Case): Promise<number[]> {
  await tf.setBackend(backend);
  return tf.tidy(() => {
    const x = tf.randomNormal([shape.batch, shape.height, shape.width, shape.inputs], 0, 1, 'float32', 1) as Tensor4D;
    const w = tf.randomNormal([...kernel, shape.inputs, shape.outputs], 0, 1, 'float32', 2) as Tensor4D;
    const weights = tf.randomNormal(tf.conv2d(x, w, stride, pad).shape, 0, 1, 'float32', 3);
    const gradient = tf.grad((filter) =>
      tf
        .conv2d(x, filter as Tensor4D, stride, pad)
        .mul(weights)
        .sum(),
    )(w);
    return Array.from(gradient.dataSync());
  });
}

describe('Conv2DBackpropFilter on wasm', () => {
  it('equals the CPU backend over strides and padding', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const [wasm, cpu] = [await gradientOn('wasm', one), await gradientOn('cpu', one)];
        expect(wasm.length).toBe(cpu.length);
        const scale = Math.max(1, ...cpu.map(Math.abs));
        wasm.forEach((value, i) => expect(Math.abs(value - cpu[i]!)).toBeLessThan(2e-5 * scale));
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('knows dilation: the gradient of the filter pulled apart, at the places that are not filled with zeros', async () => {
    await tf.setBackend('wasm');
    for (const pad of ['valid', 'same'] as const) {
      for (const dilation of [2, 3]) {
        const x = tf.randomNormal([2, 11, 10, 3], 0, 1, 'float32', 4) as Tensor4D;
        const side = 2 * dilation + 1;
        const out = tf.conv2d(x, tf.zeros([side, side, 3, 4]) as Tensor4D, 1, pad);
        const dy = tf.randomNormal(out.shape, 0, 1, 'float32', 5) as Tensor4D;
        const attributes = { strides: 1, pad, dataFormat: 'NHWC', filterShape: [3, 3, 3, 4], dilations: dilation };
        const own = tf.engine().runKernel('Conv2DBackpropFilter', { x, dy }, attributes) as Tensor4D;
        const wide = tf.grad((filter) =>
          tf
            .conv2d(x, filter as Tensor4D, 1, pad)
            .mul(dy)
            .sum(),
        )(tf.zeros([side, side, 3, 4])) as Tensor4D;
        const apart = wide.stridedSlice([0, 0, 0, 0], [side, side, 3, 4], [dilation, dilation, 1, 1]);
        expect(tf.max(tf.abs(tf.sub(own, apart))).dataSync()[0]).toBeLessThan(1e-4);
      }
    }
  });

  it('leaves nothing behind', async () => {
    await tf.setBackend('wasm');
    const x = tf.ones([2, 6, 6, 2]) as Tensor4D;
    const run = () =>
      tf.tidy(() => void tf.grad((w) => tf.conv2d(x, w as Tensor4D, 1, 'same').sum())(tf.ones([3, 3, 2, 2])));
    run();
    const before = [tf.memory().numTensors, tf.engine().backend.numDataIds()];
    run();
    expect([tf.memory().numTensors, tf.engine().backend.numDataIds()]).toEqual(before);
  });
});
