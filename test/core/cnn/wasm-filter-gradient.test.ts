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

async function onBackend<T>(name: string, ask: () => T): Promise<T> {
  await tf.setBackend(name);
  // What is asked for is plain numbers: tensors are gone when it is there.
  let answer: T;
  tf.tidy(() => void (answer = ask()));
  return answer!;
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

  it('knows dilation, with any stride and padding: as the CPU backend on the filter pulled apart', async () => {
    const dilated = fc.record({
      x: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 9, max: 13 }), fc.integer({ min: 9, max: 13 })),
      channels: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
      kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      dilation: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      sides: fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 2 }))),
      pad: fc.constantFrom('valid' as const, 'same' as const, 'numbers' as const),
    });
    await fc.assert(
      fc.asyncProperty(dilated, async ({ x: place, channels, kernel, stride, dilation, sides, pad: kind }) => {
        const [inputs, outputs] = channels;
        const filterShape = [...kernel, inputs, outputs] as [number, number, number, number];
        // No side wider than what the filter reaches beyond its first place.
        const reach = kernel.map((side, axis) => (side - 1) * dilation[axis]!);
        const side = (at: number) => Math.min(sides[at]!, reach[at >> 1]!);
        const numbers = [
          [0, 0],
          [side(0), side(1)],
          [side(2), side(3)],
          [0, 0],
        ] as [number, number][];
        const pad = kind === 'numbers' ? (numbers as never) : kind;
        const shape = [...place, inputs] as [number, number, number, number];
        const apart = reach.map((far) => far + 1) as [number, number];
        const { outShape } = tf.backend_util.computeConv2DInfo(shape, filterShape, stride, dilation, pad);
        const attributes = { strides: stride, pad, dataFormat: 'NHWC' };
        const films = await onBackend('wasm', () => tf.randomNormal(shape, 0, 1, 'float32', 4).arraySync());
        const errors = await onBackend('wasm', () => tf.randomNormal(outShape, 0, 1, 'float32', 5).arraySync());
        const gradient = (attrs: object, filter: number[]) =>
          tf.engine().runKernel('Conv2DBackpropFilter', { x: tf.tensor(films), dy: tf.tensor(errors) }, {
            ...attributes,
            ...attrs,
            filterShape: filter,
          } as never) as Tensor4D;
        const own = await onBackend('wasm', () => [...gradient({ dilations: dilation }, filterShape).dataSync()]);
        const wide = await onBackend('cpu', () => [
          ...gradient({}, [...apart, inputs, outputs])
            .stridedSlice([0, 0, 0, 0], [...apart, inputs, outputs], [...dilation, 1, 1])
            .dataSync(),
        ]);
        expect(own.length).toBe(wide.length);
        const scale = Math.max(1, ...wide.map(Math.abs));
        own.forEach((value, i) => expect(Math.abs(value - wide[i]!)).toBeLessThan(2e-5 * scale));
      }),
      { numRuns: 60, seed: 2 },
    );
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
