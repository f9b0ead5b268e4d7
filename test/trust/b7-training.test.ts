// B7 of the trust plan: what cannot be learned from stops with its code, no model is ever saved with a weight that is no
// number, and nobody stands on two sides of a split. One training each in the child: test/core/children/tensorflow.test.ts.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import fc from 'fast-check';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { runSettings } from '#api/runs.ts';
import { loadEngine } from '#core/cnn/engine.ts';
import type { Engine } from '#core/cnn/engine.ts';
import { buildNetwork } from '#core/cnn/networks/index.ts';
import { saveModel } from '#core/cnn/model-files.ts';
import { trainModel } from '#core/cnn/train-model.ts';
import { nodeChildren } from '#core/children/node.ts';
import { createCore } from '#core/core.ts';
import { decide } from '#core/labels/decide.ts';
import { silent } from '#core/log.ts';
import { Problem } from '#core/problem.ts';
import { random } from '#core/random.ts';
import { labelledFilms, splitOf } from '#core/runs/films.ts';
import type { RunFilm } from '#core/runs/films.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { planOf } from '../core/cnn/films.ts';
import { addFilms, temporaryFolder, testLibrary } from '#test/library.ts';

const TRAININGS = 28;
const SPLITS = 300;

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine('auto');
});

/** How many numbers of a saved model are none. */
function notFinite(folder: string): number {
  const bytes = Uint8Array.from(readFileSync(join(folder, 'weights.bin')));
  return new Float32Array(bytes.buffer).filter((value) => !Number.isFinite(value)).length;
}

test(`${TRAININGS} trainings with any settings and films: a code and nothing saved, or a model of numbers alone`, async () => {
  const spoilt = fc.constantFrom(
    'as drawn',
    'all black',
    'all white',
    'noise',
    'one label',
    'one film',
    'one bright film',
  );
  const settings = fc.record({
    learningRate: fc.constantFrom(0.001, 0.1, 1, 10),
    optimizer: fc.constantFrom('sgd' as const, 'momentum' as const, 'adam' as const),
    batch: fc.constantFrom(4, 16),
    seed: fc.nat(1000),
    classWeights: fc.boolean(),
    balanced: fc.boolean(),
  });
  const wild = { learningRate: 10, optimizer: 'sgd', batch: 4, seed: 1, classWeights: true, balanced: false } as const;
  const ends = new Map<string, number>();
  const folder = temporaryFolder();
  let made = 0;
  await fc.assert(
    fc.asyncProperty(spoilt, settings, async (how, chosen) => {
      const plan = planOf(how === 'one film' ? 1 : 24, { ...chosen, epochs: 2 });
      if (how === 'all black') plan.pixels.fill(0);
      if (how === 'all white') plan.pixels.fill(255);
      if (how === 'noise') plan.pixels.forEach((_, i) => (plan.pixels[i] = random(chosen.seed + i).below(256)));
      if (how === 'one bright film') plan.pixels.fill(0).fill(255, 0, 400);
      if (how === 'one label') plan.labels.fill(1);
      const pixels = join(folder, `${++made}.pixels`);
      writeFileSync(pixels, plan.pixels);
      const modelFolder = join(folder, `model-${made}`);
      const order = { ...plan, files: { pixels, count: plan.labels.length }, colours: new Float32Array(plan.labels.length), preprocess: 1, modelFolder, checkpoints: null, resume: false }; // prettier-ignore
      const end = await trainModel(engine, order, {}).then(
        (result) => result.problem?.code ?? 'model',
        (error: unknown) => {
          if (!(error instanceof Problem)) throw error;
          expect(existsSync(modelFolder)).toBe(false);
          return error.code;
        },
      );
      ends.set(end, (ends.get(end) ?? 0) + 1);
      if (existsSync(modelFolder)) expect(notFinite(modelFolder)).toBe(0);
      const codes = { 'all black': 'FILMS_EMPTY', 'all white': 'FILMS_EMPTY', 'one label': 'ONE_CLASS_ONLY', 'one film': 'TOO_FEW_FILMS' }; // prettier-ignore
      if (how in codes) expect([how, end]).toEqual([how, codes[how as keyof typeof codes]]);
    }),
    { numRuns: TRAININGS, seed: 7, examples: [['as drawn', wild]] },
  );
  console.log(`B7: ${TRAININGS} trainings: ${[...ends].map(([end, count]) => `${count} ${end}`).join(', ')}`);
  expect([...ends.keys()].sort()).toEqual([
    'FILMS_EMPTY',
    'LOSS_NOT_FINITE',
    'ONE_CLASS_ONLY',
    'TOO_FEW_FILMS',
    'model',
  ]);
  expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
}, 120_000);

test('control: a weight that is no number is seen, and is not saved', async () => {
  const folder = temporaryFolder();
  const settings = runSettings.parse({});
  const model = buildNetwork(engine.tf, settings);
  onTestFinished(() => void model.dispose());
  writeFileSync(
    join(folder, 'weights.bin'),
    new Uint8Array(Float32Array.of(1, Number.NaN, Number.POSITIVE_INFINITY).buffer),
  );
  expect(notFinite(folder)).toBe(2);
  model.setWeights(model.getWeights().map((weight, i) => (i === 0 ? weight.mul(Number.NaN) : weight)));
  const target = join(folder, 'model');
  await expect(saveModel(engine.tf, target, model, {} as never)).rejects.toThrow(/not a number/);
  expect(readdirSync(folder)).toEqual(['weights.bin']);
});

/** A library in which patients, near-duplicates and copies run across each other. */
function tangled(films: number): OpenLibrary {
  const library = testLibrary();
  const dice = random(7);
  for (let i = 0; i < films; i++) {
    const copy = dice.below(10) === 0 ? { pixel_sha256: `copy ${dice.below(6)}` } : {};
    const patient = dice.below(4) === 0 ? null : `P-${dice.below(films / 3)}`;
    const twin_group = dice.below(5) === 0 ? dice.below(8) : null;
    const [film = 0] = addFilms(library, 1, { patient, twin_group, ...copy });
    decide(library, [{ xray: film, label: dice.below(2) === 0 ? 'fracture' : 'whole' }], { reader: 'a', why: 'read' });
  }
  return library;
}

/** Ties that stand on more than one side; counted without anything the split is made by. */
function leaks(library: OpenLibrary, films: Pick<RunFilm, 'id' | 'part'>[]): number {
  const rows = library.db.raw.prepare('SELECT id, patient, twin_group, pixel_sha256 FROM xrays').all() as { id: number; patient: string | null; twin_group: number | null; pixel_sha256: string }[]; // prettier-ignore
  const partOf = new Map(films.map(({ id, part }) => [id, part]));
  const sides = new Map<string, Set<string>>();
  for (const { id, patient, twin_group, pixel_sha256 } of rows) {
    const part = partOf.get(id);
    if (!part) continue;
    for (const tie of [
      patient && `patient ${patient}`,
      twin_group !== null && `twins ${twin_group}`,
      `pixels ${pixel_sha256}`,
    ])
      // prettier-ignore
      if (tie) sides.set(tie, (sides.get(tie) ?? new Set()).add(part));
  }
  return [...sides.values()].filter((parts) => parts.size > 1).length;
}

test(`${SPLITS} seeds: no patient, near-duplicate or copy on two sides; control: a split by film leaks`, () => {
  const library = tangled(150);
  const { films } = labelledFilms(library, runSettings.parse({}));
  let [clean, byFilm] = [0, 0];
  for (let seed = 0; seed < SPLITS; seed++) {
    const settings = runSettings.parse({ splitSeed: seed });
    const made = splitOf(labelledFilms(library, settings).films, settings);
    clean += leaks(library, made.films);
    expect(made.films.length + made.split.contradictory.length).toBe(films.length);
    const parts = random(seed).shuffle(made.films.map(({ part }) => part));
    byFilm += leaks(library, made.films.map(({ id }, i) => ({ id, part: parts[i]! }))) > 0 ? 1 : 0; // prettier-ignore
  }
  expect([clean, byFilm]).toEqual([0, SPLITS]);
});

test('a library that cannot be learned from is told why before a run is made', async () => {
  const startChild = nodeChildren(new URL('../../core/children/', import.meta.url), '.ts');
  const cases: [string, (library: OpenLibrary) => number[], (place: number) => 'fracture' | 'whole'][] = [
    ['TOO_FEW_FILMS', (library) => addFilms(library, 1), () => 'whole'],
    ['ONE_CLASS_ONLY', (library) => addFilms(library, 40), () => 'whole'],
    [
      'TOO_FEW_GROUPS',
      (library) => addFilms(library, 40, { patient: 'one' }),
      (place) => (place % 2 ? 'whole' : 'fracture'),
    ],
    [
      'TOO_FEW_FILMS',
      (library) => addFilms(library, 40, { pixel_sha256: 'same' }),
      (place) => (place % 2 ? 'whole' : 'fracture'),
    ],
  ];
  for (const [code, add, label] of cases) {
    const library = testLibrary();
    const films = add(library);
    decide(library, films.map((xray, place) => ({ xray, label: label(place) })), { reader: 'a', why: 'read' }); // prettier-ignore
    const { folder } = library.paths;
    library.close();
    const core = createCore({
      library: folder,
      create: false,
      home: null,
      startChild,
      log: silent,
      version: '0',
      host: 'test',
    });
    const client = createRouterClient(core.router);
    await expect(client.runs.start({ settings: {} }), code).rejects.toMatchObject({ code });
    expect((await client.runs.plan({ settings: {} })).problem?.code).toBe(code);
    expect(await client.runs.list()).toEqual([]);
    expect(readdirSync(join(folder, 'models'))).toEqual([]);
    await core.close();
  }
}, 60_000);
