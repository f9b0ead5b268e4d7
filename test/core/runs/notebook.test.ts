// A run as a folder: what is in it and what is not, when it is not written, and that it is never half there.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { NOTICE } from '#api/notice.ts';
import { modelPath } from '#core/libraries/folder.ts';
import { notebookOf } from '#core/runs/notebook/cells.ts';
import { npy } from '#core/runs/notebook/npy.ts';
import { filmsTable } from '#core/runs/notebook/tables.ts';
import { insertBareRun } from '#test/bare-run.ts';
import { osteon } from '#test/cli/osteon.ts';
import { temporaryFolder } from '#test/library.ts';
import { drawnLibrary } from './drawn-library.ts';

const settings = { epochs: 2, patience: null, size: 32, batch: 8, judge: false };
const TIMEOUT_MS = 300_000;

interface Notebook {
  cells: { cell_type: string; source: string[] }[];
}
const rowsIn = (file: string) => parse<Record<string, string>>(readFileSync(file), { columns: true });
const jsonIn = <T>(file: string) => JSON.parse(readFileSync(file, 'utf8')) as T;
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: unknown) => (error as { code?: unknown }).code,
  );

test(
  'a run is exported whole, sealed while its judging films are',
  async () => {
    const { core, client, follow } = await drawnLibrary();
    const started = await client.runs.start({ settings });
    const out = join(temporaryFolder(), 'a', 'run');
    const running = await codeOf(client.runs.exportNotebook({ run: started.run, folder: out }));
    expect(running).toBe('RUN_STILL_LEARNING');
    const run = await follow(started.run);
    const { record } = run;
    expect(record.versions).toMatchObject({
      osteon: 'test',
      node: process.version,
      tfjs: expect.any(String) as string,
    });
    expect(run.engine).toContain(record.precision);
    if (run.engine?.includes('native')) expect(run.engine).toContain(record.versions['tensorflow']);
    expect((await client.runs.list())[0]).toMatchObject({ record, parts: run.parts, settings: run.settings });

    const written = await client.runs.exportNotebook({ run: run.id, folder: out });
    expect(written).toMatchObject({ run: run.id, folder: out, sealed: true });
    const files = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) => name !== 'model');
    expect(files.map((name) => name.replaceAll('\\', '/')).sort()).toEqual(written.files.toSorted());
    expect(readdirSync(dirname(out))).toEqual(['run']);

    const told = jsonIn<Record<string, unknown>>(join(out, 'run.json'));
    expect(told).toMatchObject({
      notice: NOTICE,
      settings: run.settings,
      seed: run.settings.seed,
      engine: run.engine,
      precision: record.precision,
      versions: record.versions,
      data: { films: run.films, stillThere: run.films, hash: record.dataHash },
      split: { seed: run.settings.splitSeed, hash: record.splitHash, parts: run.parts },
      figures: { judging: null, openings: 0 },
    });
    const curves = rowsIn(join(out, 'curves.csv'));
    expect(curves.map(({ checking_loss: loss }) => Number(loss))).toEqual(run.curve.map(({ valLoss }) => valLoss));
    const films = rowsIn(join(out, 'films.csv'));
    expect(films).toHaveLength(run.films);
    expect(films.every(({ part, probability }) => (part === 'judge') === (probability === ''))).toBe(true);

    // The ten: checking films, of both classes, with the answers the training gave them.
    const inputs = rowsIn(join(out, 'inputs.csv'));
    const ofFilm = new Map(films.map((film) => [`${film['sha256']}#${film['frame']}`, film]));
    const choosing = run.parts.find(({ part }) => part === 'choose');
    expect(inputs).toHaveLength(Math.min(10, choosing?.films ?? 0));
    const fractures = inputs.filter(({ label }) => label === 'fracture').length;
    expect(Math.abs(2 * fractures - inputs.length)).toBeLessThanOrEqual(Math.abs(choosing!.fracture - choosing!.whole));
    for (const input of inputs) {
      const film = ofFilm.get(`${input['sha256']}#${input['frame']}`);
      expect(film?.['part']).toBe('choose');
      expect(Number(input['probability'])).toBeCloseTo(Number(film?.['probability']), 4);
    }
    const bytes = readFileSync(join(out, 'inputs.npy'));
    expect(bytes.length % 64).toBe((inputs.length * 32 * 32) % 64);
    expect(bytes.subarray(0, 128).toString('latin1')).toContain(`'shape': (${inputs.length}, 32, 32,)`);

    const before = jsonIn<Notebook>(join(out, 'run.ipynb'));
    const said = before.cells.map(({ source }) => source.join('')).join('\n');
    expect(before.cells[0]?.source.join('')).toMatch(new RegExp(`^# Run ${run.id}: [^]*drawn by Osteon[^]*${NOTICE}$`));
    expect(said).toContain('The judging films are sealed');
    expect(said).not.toContain('ROC curve, judging films');

    // Opened afterwards: the next folder says so, and holds what Osteon wrote down.
    const judged = await client.runs.judge({ run: run.id });
    const second = await client.runs.exportNotebook({ run: run.id, folder: temporaryFolder(), inside: true });
    expect(second).toMatchObject({ folder: expect.stringMatching(/osteon-run-1$/) as string, sealed: false });
    const answers = await client.runs.answers({ run: run.id });
    const asked = rowsIn(join(second.folder, 'films.csv')).filter(({ part }) => part === 'judge');
    expect(asked.map(({ probability }) => Number(probability))).toEqual(answers.map(({ probability }) => probability));
    expect(jsonIn<{ figures: object }>(join(second.folder, 'run.json')).figures).toMatchObject({
      judging: judged.test,
      openings: 1,
    });
    const opened = readFileSync(join(second.folder, 'run.ipynb'), 'utf8');
    expect(opened).not.toContain('sealed');
    expect(opened).toContain('ROC curve, judging films');

    // Nobody is named in any of it.
    const { films: known } = await client.xrays.list({ limit: 1 });
    const words = [known[0]!.patient, known[0]!.file].filter((word) => word !== null);
    expect(words).toHaveLength(2);
    for (const name of ['run.ipynb', 'run.json', 'films.csv', 'inputs.csv']) {
      for (const word of words) expect(readFileSync(join(second.folder, name), 'utf8')).not.toContain(word);
    }
    expect(core.desk.jobs.running()).toBeUndefined();
  },
  TIMEOUT_MS,
);

test(
  'nothing is written over, and nothing half',
  async () => {
    const { core, client, follow, folder } = await drawnLibrary();
    const { run } = await client.runs.start({ settings });
    await follow(run);
    const home = temporaryFolder();
    const used = join(home, 'used');
    mkdirSync(used);
    writeFileSync(join(used, 'mine.txt'), 'mine');
    const to = (target: string, which = run) => codeOf(client.runs.exportNotebook({ run: which, folder: target }));
    expect(await to(used)).toBe('EXPORT_TARGET_USED');
    expect(await to(join(used, 'mine.txt'))).toBe('PATH_UNUSABLE');
    expect(await to(join(used, 'mine.txt', 'deeper'))).toBe('PATH_UNUSABLE');
    expect(await to(join(home, 'none'), 99)).toBe('RUN_NOT_FOUND');
    const bare = insertBareRun(core.desk.library().db);
    expect(await to(join(home, 'none'), bare)).toBe('RUN_NOT_DONE');
    const model = join(modelPath(folder, run), 'model.json');
    const { run: foreign } = await client.networks.import({ path: model });
    expect(await to(join(home, 'none'), foreign)).toBe('BAD_INPUT');

    // An empty folder is taken. The model is open by now: its file is missed only when it is copied, last of all.
    mkdirSync(join(home, 'empty'));
    expect(await to(join(home, 'empty'))).toBe('no error');
    const weights = join(modelPath(folder, run), 'weights.bin');
    const kept = readFileSync(weights);
    rmSync(weights);
    expect(await to(join(home, 'half'))).toBe('PATH_UNUSABLE');
    expect(readdirSync(home).sort()).toEqual(['empty', 'used']);
    expect(readdirSync(used)).toEqual(['mine.txt']);
    writeFileSync(weights, kept);
    expect(await to(join(home, 'half'))).toBe('no error');
  },
  TIMEOUT_MS,
);

test('a disk that takes no more leaves nothing behind, and says so', { timeout: TIMEOUT_MS }, async ({ skip }) => {
  if (process.platform === 'win32') skip('needs a limit on the size of files');
  const home = temporaryFolder();
  const library = ['--library', join(home, 'library'), '--json'];
  await osteon(['demo', '--images', '40', '--seed', '3', ...library]);
  await osteon(['train', '--epochs', '1', '--size', '64', '--no-judge', ...library]);
  const out = join(home, 'out');
  mkdirSync(out);
  const args = ['export', 'notebook', '--run', '1', '--out', join(out, 'run'), ...library];
  const limited = await osteon(args, { largestFileKb: 1500 });
  expect([limited.code, limited.stdout]).toEqual([1, expect.stringContaining('"DISK_FAILED"')]);
  expect(readdirSync(out)).toEqual([]);
  const whole = await osteon(args);
  expect([whole.code, JSON.parse(whole.stdout)]).toEqual([
    0,
    expect.objectContaining({ sealed: true, notice: NOTICE }),
  ]);
  expect(existsSync(join(out, 'run', 'model', 'weights.bin'))).toBe(true);
  const again = await osteon(args);
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('is not empty')]);
});

test('cells keep their kind, and those of another word stay out', () => {
  const python = '# a note\n\n# %%\na = 1\n\n\n# %% [markdown] sealed\n# ## Sealed\n#\n# words\n\n# %% opened\nb = 2\n';
  const cells = (word: string) =>
    (JSON.parse(notebookOf('# First', python, word)) as Notebook).cells.map((cell) => [
      cell.cell_type,
      cell.source.join(''),
    ]);
  expect(cells('sealed')).toEqual([
    ['markdown', '# First'],
    ['code', 'a = 1'],
    ['markdown', '## Sealed\n\nwords'],
  ]);
  expect(cells('opened').slice(1)).toEqual([
    ['code', 'a = 1'],
    ['code', 'b = 2'],
  ]);
});

test('bytes begin where NumPy looks for them', () => {
  const file = npy(Uint8Array.of(7, 8), [1, 2]);
  expect(Buffer.from(file.subarray(0, 8)).toString('latin1')).toBe('\x93NUMPY\x01\x00');
  const start = 10 + Buffer.from(file).readUInt16LE(8);
  expect([start % 64, file[start - 1], [...file.subarray(start)]]).toEqual([0, 10, [7, 8]]);
});

test('patients have numbers of the folder alone', () => {
  const film = { sha256: 'a', frame: 0, part: 'learn', label: 'whole', probability: 0.5 };
  const table = filmsTable([
    { ...film, patient: 'P-9' },
    { ...film, patient: null },
    { ...film, patient: 'P-2', probability: null },
    { ...film, patient: 'P-9' },
  ]);
  const rows: string[][] = parse(table, { from_line: 2 });
  expect(rows.map((row) => row.slice(4))).toEqual([
    ['1', '0.5'],
    ['', '0.5'],
    ['2', ''],
    ['1', '0.5'],
  ]);
});
