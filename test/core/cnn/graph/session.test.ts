import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SymbolicTensor } from '@tensorflow/tfjs';
import { drawPlacement, placeFilm } from '#core/cnn/augment.ts';
import { loadEngine } from '#core/cnn/engine.ts';
import type { Tf } from '#core/cnn/engine.ts';
import { GraphBuilder } from '#core/cnn/graph/builder.ts';
import {
  addFilmsSignature,
  batchGraph,
  placementFigures,
  placementOf,
  residentFilms,
  wordsOf,
} from '#core/cnn/graph/films.ts';
import { stateless } from '#core/cnn/graph/ops.ts';
import { choosePrecision } from '#core/cnn/graph/precision.ts';
import { compile } from '#core/cnn/graph/program.ts';
import { CannotCompile } from '#core/cnn/graph/rules/rule.ts';
import { Session } from '#core/cnn/graph/session.ts';
import { random } from '#core/random.ts';
import { openGraph, plain, randomFilms, stepFed, weightsIn } from './compare.ts';
import { networkAround, wires } from './networks.ts';

let tf: Tf;
beforeAll(async () => {
  ({ tf } = await loadEngine('graph'));
});

const sessions = () => (tf as unknown as { node: { getNumOfSavedModels(): number } }).node.getNumOfSavedModels();
const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith(`osteon-graph-`)).length;

describe('a session', () => {
  it('keeps a variable from call to call, and nothing once closed', () => {
    const before = { sessions: sessions(), tensors: tf.memory().numTensors, folders: folders() };
    const g = new GraphBuilder();
    const slot = g.slot('sum', 'float32', [3]);
    const x = g.placeholder('float32', [3]);
    const fed = { x: { value: x, shape: [3] } };
    g.signatures['set'] = { inputs: fed, outputs: { done: g.done([g.assign(slot, x)]) } };
    const added = g.op('AssignAddVariableOp', [slot.handle, x], { dtype: { type: 'float32' } });
    g.signatures['add'] = { inputs: fed, outputs: { sum: g.inOrder([added], () => g.read(slot)) } };
    const session = Session.open(tf, g);
    session.run('set', { x: { values: Float32Array.from([1, 2, 3]), shape: [3] } });
    const add = () => session.run('add', { x: { values: Float32Array.from([1, 1, 1]), shape: [3] } })['sum']?.values;
    expect([...(add() ?? [])]).toEqual([2, 3, 4]);
    expect([...(add() ?? [])]).toEqual([3, 4, 5]);
    expect(() => session.run('add', {})).toThrow(/lacks its input "x"/);
    expect(() => session.run('other', {})).toThrow(/no signature/);
    expect(sessions()).toBe(before.sessions + 1);
    session.close();
    session.close();
    expect(() => add()).toThrow(/closed/);
    expect({ sessions: sessions(), tensors: tf.memory().numTensors, folders: folders() }).toEqual(before);
  });

  it('keeps no hold of the memory of what it is fed', () => {
    const g = new GraphBuilder();
    const fed: Record<string, { values: Float32Array; shape: number[] }> = {};
    const set: GraphBuilder['signatures'][string] = { inputs: {}, outputs: {} };
    const read: GraphBuilder['signatures'][string] = { inputs: {}, outputs: {} };
    const done = Array.from({ length: 64 }, (_, i) => {
      const slot = g.slot(`slot${i}`, 'float32', [64]);
      const value = g.placeholder('float32', [64]);
      set.inputs[`x${i}`] = { value, shape: [64] };
      read.outputs[`x${i}`] = g.read(slot);
      // Of memory that is not aligned the library makes a copy in any case; of so many pieces, some are.
      fed[`x${i}`] = { values: new Float32Array(64).fill(1), shape: [64] };
      return g.assign(slot, value);
    });
    g.signatures['set'] = { ...set, outputs: { done: g.done(done) } };
    g.signatures['read'] = read;
    const session = Session.open(tf, g);
    session.run('set', fed);
    for (const { values } of Object.values(fed)) values.fill(2);
    const kept = Object.values(session.run('read', {})).flatMap(({ values }) => [...values]);
    expect(new Set(kept)).toEqual(new Set([1]));
    session.close();
  });

  it('that cannot be loaded leaves nothing behind', () => {
    const before = { sessions: sessions(), tensors: tf.memory().numTensors, folders: folders() };
    const g = new GraphBuilder();
    g.signatures['a'] = { inputs: {}, outputs: { x: g.op('NoSuchOperation', [], {}, 'float32') } };
    expect(() => Session.open(tf, g)).toThrow(/NoSuchOperation/);
    expect({ sessions: sessions(), tensors: tf.memory().numTensors, folders: folders() }).toEqual(before);
  });
});

describe('resident films', () => {
  it('come out as they went in, placed as the layers engine places them', () => {
    const settings = { films: 3, size: 7, normalisation: { mean: 0.3, deviation: 0.2 }, placed: true, toned: true };
    const { pixels, labels, weights } = randomFilms({ ...plain, ...settings }, 1);
    const draw = random(1, 3);
    const placements = [0, 1].map(() => drawPlacement(draw, 7, { augmentation: true, mirror: true, tones: true }));
    placements[0]!.mirrored = true;
    for (const { tone } of placements) tone.grain = 0;
    const g = new GraphBuilder();
    const resident = residentFilms(g, settings, null);
    addFilmsSignature(g, resident, settings);
    const places = g.placeholder('int32', [-1]);
    const fed = g.placeholder('float32', [-1, placementFigures]);
    const seed = g.placeholder('int32', [2]);
    const figures = { figures: fed, seed };
    g.signatures['batch'] = {
      inputs: {
        places: { value: places, shape: [-1] },
        placements: { value: fed, shape: [-1, placementFigures] },
        seed: { value: seed, shape: [2] },
      },
      outputs: {
        placed: batchGraph(g, resident, settings, places, figures),
        plain: batchGraph(g, resident, settings, places, null),
      },
    };
    const session = Session.open(tf, g);
    const words = wordsOf(pixels);
    session.run('films', {
      words: { values: words, shape: [words.length] },
      labels: { values: labels, shape: [3] },
      weights: { values: weights, shape: [3] },
    });
    const placedBy = (seed: number) =>
      session.run('batch', {
        places: { values: Int32Array.from([2, 1]), shape: [2] },
        placements: {
          values: Float32Array.from(placements.flatMap((one) => placementOf(one, 7))),
          shape: [2, placementFigures],
        },
        seed: { values: Int32Array.of(1, seed), shape: [2] },
      });
    const run = placedBy(1);
    expect(placedBy(2)).toEqual(run);
    for (const { tone } of placements) tone.grain = 20;
    const grained = placedBy(1)['placed'];
    expect(placedBy(1)['placed']).toEqual(grained);
    expect(placedBy(2)['placed']).not.toEqual(grained);
    expect(grained).not.toEqual(run['placed']);
    for (const { tone } of placements) tone.grain = 0;
    session.close();
    const expected = new Float32Array(2 * 49);
    [2, 1].forEach((film, i) =>
      placeFilm(
        pixels.subarray(film * 49, film * 49 + 49),
        7,
        placements[i]!,
        expected,
        i * 49,
        1 / (255 * 0.2),
        -0.3 / 0.2,
      ),
    );
    expected.forEach((value, i) => expect(run['placed']?.values[i]).toBeCloseTo(value, 3));
    [2, 1].forEach((film, i) =>
      expect(run['plain']?.values[i * 49 + 5]).toBeCloseTo((pixels[film * 49 + 5]! / 255 - 0.3) / 0.2, 4),
    );
  });
});

describe('a compiled network', () => {
  it('learns the same in several steps a call as in as many calls', () => {
    const settings = { ...plain, optimizer: 'adam' as const, stepsPerCall: 3, withGradients: false };
    const model = networkAround(tf, wires.BatchNormalization[0]!, random(2), 8);
    const films = randomFilms(settings, 2);
    const [one, three] = [openGraph(tf, model, settings, films), openGraph(tf, model, settings, films)];
    const fed = [0, 1, 2].map((step) =>
      stepFed(
        step,
        Int32Array.from({ length: 4 }, (_, i) => (step * 4 + i) % 12),
        0.01,
      ),
    );
    const singly = fed.map((step) => one.run('step', step)['losses']?.values[0] ?? 0);
    const joined = <Values extends Float32Array | Int32Array>(lists: Values[]) => lists.flatMap((list) => [...list]);
    const together = three.run('steps', {
      places: { values: Int32Array.from(joined(fed.map(({ places }) => places.values))), shape: [3, 4] },
      seeds: { values: Int32Array.from(joined(fed.map(({ seeds }) => seeds.values))), shape: [3, 2] },
      rates: { values: Float32Array.from(joined(fed.map(({ rates }) => rates.values))), shape: [3, 3] },
    });
    singly.forEach((loss, step) => expect(together['losses']?.values[step]).toBeCloseTo(loss, 5));
    const [a, b] = [weightsIn(one, model.weights.length), weightsIn(three, model.weights.length)];
    a.forEach((weights, place) => weights.forEach((w, i) => expect(b[place]?.[i]).toBeCloseTo(w, 5)));
    expect(three.run('state', {})['slot1_0']?.values.some((value) => value > 0)).toBe(true);
    one.close();
    three.close();
    model.dispose();
  });

  it('drops by the seed alone, about as many as it should, and nothing when it answers', () => {
    const g = new GraphBuilder();
    const seed = g.placeholder('int32', [2]);
    g.signatures['draw'] = {
      inputs: { seed: { value: seed, shape: [2] } },
      outputs: { x: stateless(g, 'StatelessRandomUniform', g.ints([4000]), seed) },
    };
    const session = Session.open(tf, g);
    const draw = (...values: number[]) => [
      ...(session.run('draw', { seed: { values: Int32Array.from(values), shape: [2] } })['x']?.values ?? []),
    ];
    expect(draw(1, 2)).toEqual(draw(1, 2));
    expect(draw(1, 2)).not.toEqual(draw(1, 3));
    const below = draw(5, 6).filter((value) => value < 0.4).length / 4000;
    expect(Math.abs(below - 0.4)).toBeLessThan(0.03);
    session.close();
    const model = networkAround(tf, wires.Dropout[1]!, random(1), 8);
    const graph = openGraph(tf, model, plain, randomFilms(plain, 1));
    const ask = () => [
      ...(graph.run('evaluate', { places: { values: Int32Array.from([0, 1]), shape: [2] } })['logits']?.values ?? []),
    ];
    expect(ask()).toEqual(ask());
    const lossOf = (step: number) =>
      graph.run('step', stepFed(step, Int32Array.from([0, 1, 2, 3]), 0))['losses']?.values[0];
    expect(lossOf(1)).toBe(lossOf(1));
    expect(lossOf(1)).not.toBe(lossOf(2));
    graph.close();
    model.dispose();
  });

  it('comes near float32 in bfloat16', () => {
    const model = networkAround(tf, wires.BatchNormalization[0]!, random(4), 8);
    const films = randomFilms(plain, 4);
    const lossesIn = (precision: 'float32' | 'bfloat16') => {
      const session = openGraph(tf, model, { ...plain, precision, withGradients: false }, films);
      const places = Int32Array.from({ length: 12 }, (_, film) => film);
      const losses = [0, 1, 2, 3].map(
        (step) => session.run('step', stepFed(step, places, 0.05))['losses']?.values[0] ?? Number.NaN,
      );
      session.close();
      return losses;
    };
    const [full, short] = [lossesIn('float32'), lossesIn('bfloat16')];
    full.forEach((loss, step) => expect(Math.abs((short[step] ?? Number.NaN) / loss - 1)).toBeLessThan(0.03));
    expect(short).not.toEqual(full);
    model.dispose();
  });

  it.each([
    ['a layer without a rule', 'noise', () => tf.layers.gaussianNoise({ stddev: 1, name: 'noise' })],
    ['an activation without a rule', 'hard', () => tf.layers.activation({ activation: 'hardSigmoid', name: 'hard' })],
    [
      'channels first',
      'first',
      () => tf.layers.conv2d({ filters: 1, kernelSize: 1, dataFormat: 'channelsFirst', name: 'first' }),
    ],
  ])('refuses %s by its name', (_, name, make) => {
    const model = networkAround(tf, (__, x) => make().apply(x) as SymbolicTensor, random(1), 8);
    let refusal: unknown;
    try {
      compile(model, plain);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(CannotCompile);
    expect((refusal as CannotCompile).layer).toBe(name);
    expect((refusal as CannotCompile).message).toContain(`"${name}"`);
    model.dispose();
  });
});

describe('precision', () => {
  it.each([
    ['auto', 'fpu avx2 avx512_bf16 sse', 'bfloat16'],
    ['auto', 'fpu amx_bf16', 'bfloat16'],
    ['auto', 'fpu avx2 avx512f', 'float32'],
    ['auto', '', 'float32'],
    ['float32', 'avx512_bf16', 'float32'],
    ['bfloat16', '', 'bfloat16'],
  ] as const)('%s on "%s" is %s', (wanted, flags, expected) => {
    expect(choosePrecision(wanted, flags)).toBe(expected);
  });
});
