import { beforeAll, describe, expect, it } from 'vitest';
import type { Tensor } from '@tensorflow/tfjs';
import { runSettings } from '#api/runs.ts';
import { sloped } from '#core/cnn/activations.ts';
import { describeLayers } from '#core/cnn/describe-layers.ts';
import { loadEngine } from '#core/cnn/engine.ts';
import type { Tf } from '#core/cnn/engine.ts';
import { buildNetwork, presets } from '#core/cnn/networks/index.ts';
import { Problem } from '#core/problem.ts';

let tf: Tf;
beforeAll(async () => {
  ({ tf } = await loadEngine('auto'));
});

describe('paper network', () => {
  it('has the layers and weights of the paper, told in words', () => {
    const { layers, weights } = describeLayers(buildNetwork(tf, runSettings.parse({})));
    expect(layers.map(({ name, shape, weights: own }) => [name, shape.join(' × '), own])).toEqual([
      ['Input', '28 × 28 × 1', 0],
      ['Convolution 3 × 3, 32', '26 × 26 × 32', 320],
      ['Max pooling 2 × 2', '13 × 13 × 32', 0],
      ['Convolution 3 × 3, 64', '11 × 11 × 64', 18_496],
      ['Max pooling 2 × 2', '5 × 5 × 64', 0],
      ['Convolution 3 × 3, 64', '3 × 3 × 64', 36_928],
      ['Dense, 64', '64', 36_928],
      ['Dense, logistic', '1', 65],
    ]);
    expect(weights).toBe(92_737);
    expect(layers[1]).toMatchObject({ dtype: 'float32', bytes: 26 * 26 * 32 * 4 });
  });

  it.each([
    [28, 5, 'a 5 × 5 kernel needs an input of at least 32 px, not 28'],
    [17, 3, 'a 3 × 3 kernel needs an input of at least 18 px, not 17'],
  ] as const)('refuses %i px with a kernel of %i', (size, kernel, reason) => {
    const build = () => buildNetwork(tf, runSettings.parse({ size, kernel }));
    expect(build).toThrowError(Problem);
    expect(build).toThrowError(reason);
  });

  it.each([
    [18, 3],
    [32, 5],
    [112, 3],
    [224, 5],
  ] as const)('can be built for %i px with a kernel of %i', (size, kernel) => {
    const network = buildNetwork(tf, runSettings.parse({ size, kernel }));
    expect(network.outputs[0]?.shape).toEqual([null, 1]);
    network.dispose();
  });

  it('has the same first weights for a seed and others for another', () => {
    const first = (seed: number) => buildNetwork(tf, runSettings.parse({ seed })).getWeights()[2]!.dataSync().join();
    expect(first(3)).toBe(first(3));
    expect(first(3)).not.toBe(first(4));
  });

  it('stands first, and what is not there is named with what is', () => {
    expect(presets[0]?.name).toBe('paper');
    expect(() => buildNetwork(tf, runSettings.parse({ preset: 'none' }))).toThrowError(
      'no network "none"; there are paper, single, ',
    );
  });
});

describe('activation functions of the paper', () => {
  const xs = [-2, -0.7, -0.1, 0, 0.3, 1.4];
  const values = (tensor: Tensor) => Array.from(tensor.dataSync());

  it('are 1 / (1 + exp(-a x)) and tanh(x / a)', () => {
    values(sloped(tf, 'logistic', 3, tf.tensor1d(xs))).forEach((y, i) => {
      expect(y).toBeCloseTo(1 / (1 + Math.exp(-3 * xs[i]!)), 6);
    });
    values(sloped(tf, 'tanh', 3, tf.tensor1d(xs))).forEach((y, i) => expect(y).toBeCloseTo(Math.tanh(xs[i]! / 3), 6));
  });

  it('lets the gradient straight through the unit step, near it', () => {
    const step = (x: Tensor) => sloped(tf, 'step', 1, x);
    expect(values(step(tf.tensor1d(xs)))).toEqual([0, 0, 0, 0, 1, 1]);
    const gradient = tf.grad((x) => step(x).mul(5).sum())(tf.tensor1d(xs));
    expect(values(gradient)).toEqual([0, 5, 5, 5, 5, 0]);
  });

  it.each(['logistic', 'tanh', 'step'] as const)('%s comes back from a saved model', async (activation) => {
    const network = buildNetwork(tf, runSettings.parse({ activation, slope: 2 }));
    const saved = new Promise<Parameters<Parameters<Tf['io']['withSaveHandler']>[0]>[0]>((resolve) => {
      const handler = tf.io.withSaveHandler((artifacts) => {
        resolve(artifacts);
        return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
      });
      void network.save(handler);
    });
    const opened = await tf.loadLayersModel(tf.io.fromMemory(await saved));
    const film = tf.randomUniform([1, 28, 28, 1], -1, 1, 'float32', 1);
    expect(values(opened.predict(film) as Tensor)).toEqual(values(network.predict(film) as Tensor));
  });
});
