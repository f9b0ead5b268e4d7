// Every command as a script sees it: data on stdout, words on stderr, 0 done, 1 no, 2 wrong words.
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFilms } from '#test/films.ts';
import { objects, osteon } from './osteon.ts';
import type { Options } from './osteon.ts';

const folder = mkdtempSync(join(tmpdir(), 'osteon-cli-'));
const films = join(folder, 'films of a ward, ä\nb');
const library = join(folder, 'library');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (args: string[], options?: Options, at = library) => osteon([...args, '--library', at, '--json'], options);
const first = (stdout: string) => objects(stdout)[0] as Record<string, never>;

/** Runs a command that must say no in words and give its code. */
async function refused(args: string[], at = library): Promise<string> {
  const { code, stdout, stderr } = await run(args, {}, at);
  expect([code, stderr.length > 0], args.join(' ')).toEqual([1, true]);
  return (first(stdout) as unknown as { error: { code: string } }).error.code;
}

beforeAll(async () => {
  await writeFilms(films, 48);
  writeFileSync(join(films, 'films', 'cut.png'), readFileSync(join(films, 'films', 'film-001.png')).subarray(0, 900));
  copyFileSync(join(films, 'films', 'film-001.png'), join(films, 'films', 'z-copy.png'));
});

describe('import', () => {
  it('only says what would happen with --dry-run', async () => {
    const { code, stdout } = await run(['import', films, '--dry-run']);
    expect(code).toBe(0);
    expect(first(stdout)).toMatchObject({ found: 50, imported: 0, wouldImport: 48, duplicates: 1, layout: 'table' });
    expect(existsSync(library)).toBe(false);
    const words = await osteon(['import', films, '--dry-run', '--library', library]);
    expect(words.stdout).toMatch(/48 films to import, left out: 1 copy, 1 refused\.[^]*Nothing was written/);
  });

  it('ends with 1 where nothing of what was named could be read', async () => {
    const aside = join(folder, 'aside');
    const { code, stdout } = await run(['import', join(films, 'films', 'cut.png')], {}, aside);
    expect(code).toBe(1);
    expect(first(stdout)).toMatchObject({ imported: 0, refused: [{ code: 'FILM_CUT_SHORT' }] });
  });

  it('says what came in, what is there already and what was refused', async () => {
    const { code, stdout } = await run(['import', films, '--layout', 'table', '--table', join(films, 'cases.csv')]);
    expect(code).toBe(0);
    expect(first(stdout)).toMatchObject({
      found: 50,
      imported: 48,
      duplicates: 1,
      refused: [{ path: 'films/cut.png', code: 'FILM_CUT_SHORT' }],
      labels: { fracture: 24, whole: 24, none: 0 },
    });
    const again = first((await run(['import', films])).stdout);
    expect(again).toMatchObject({ found: 50, imported: 0, duplicates: 49 });
  });

  it('says no to what is not there', async () => {
    expect(await refused(['import', join(folder, 'nowhere')])).toBe('FILE_UNREADABLE');
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    expect(await refused(['import', empty])).toBe('NOTHING_TO_IMPORT');
  });
});

describe('list and label', () => {
  it('lists films with what a script needs', async () => {
    const { code, stdout } = await run(['list', '--label', 'fracture', '--limit', '3']);
    const [rows] = objects(stdout) as unknown as Record<string, unknown>[][];
    expect([code, rows?.length]).toEqual([0, 3]);
    expect(rows?.[0]).toMatchObject({
      id: 1,
      file: 'films/film-001.png',
      label: 'fracture',
      width: 72,
      height: 96,
      bits: 8,
    });
    expect(rows?.[0]?.['sha256']).toMatch(/^[0-9a-f]{64}$/);
    expect(rows?.[0]?.['patient']).toMatch(/^P-/);
  });

  it('labels one film and tells its history', async () => {
    const labelled = await run(['label', '1', 'uncertain', '--reader', 'Dr. B']);
    expect(labelled.code).toBe(0);
    const { stdout } = await run(['history', '1']);
    const [events] = objects(stdout) as unknown as Record<string, unknown>[][];
    expect(events?.[0]).toMatchObject({ reader: 'Dr. B', before: 'fracture', after: 'uncertain', why: 'read' });
    expect(events?.at(-1)).toMatchObject({ before: null, after: 'fracture', why: 'import' });
    await run(['label', '1', 'fracture']);
  });

  it('answers every line of stdin: what was saved, and what was not and why', async () => {
    const lines = '2 whole\n3 broken\n9999 whole\n\nx whole\n4 whole and more\n2 fracture';
    const { code, stdout } = await run(['label', '--stdin'], { stdin: lines });
    expect(code).toBe(1);
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringMatching(/^saved \d+$/),
      expect.stringMatching(/^refused .*"broken" is no label/),
      'refused There is no film 9999 in this library.',
      expect.stringMatching(/^refused .*"x" is no film number/),
      expect.stringMatching(/^refused .*is not ID LABEL/),
      expect.stringMatching(/^saved \d+$/),
    ]);
    expect((await run(['label', '--stdin'], { stdin: '2 fracture\r\n' })).code).toBe(0);
  });

  it('says no to films that are not there', async () => {
    expect(await refused(['label', '9999', 'whole'])).toBe('XRAY_NOT_FOUND');
    expect(await refused(['history', '9999'])).toBe('XRAY_NOT_FOUND');
    expect(await refused(['list'], join(folder, 'no such library'))).toBe('NOT_A_LIBRARY');
  });
});

describe('wrong words', () => {
  it.each([
    [['nothing']],
    [['list', '--label', 'broken']],
    [['list', '--limit', '-1']],
    [['list', 'extra']],
    [['label', '1']],
    [['label', '1', 'broken']],
    [['label', '-1', 'whole']],
    [['label', '1', 'whole', '--reader', '']],
    [['history', 'x']],
    [['demo', '--images', '0']],
    [['demo', '--images', '1.5']],
    [['import', 'x', '--layout', 'heap']],
    [['train', '--epochs', '0']],
    [['train', '--learning-rate', 'x']],
    [['train', '--engine', 'steam']],
    [['train', '--preset', 'nobody']],
    [['export', 'films', '--out', 'x.csv']],
    [['export', 'labels']],
    [['export', 'notebook', '--out', 'x']],
  ])('end with 2 and say nothing on stdout: %j', async (args) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout, stderr.length > 0]).toEqual([2, '', true]);
  });
});

describe('train, runs, classify', () => {
  it('tells each epoch, then the figures', async () => {
    expect(await refused(['classify', films])).toBe('NO_MODEL');
    expect(await refused(['train', '--leave-out', basename(films)])).toBe('TOO_FEW_FILMS');
    const { code, stdout } = await run(['train', '--epochs', '2', '--engine', 'wasm']);
    expect(code).toBe(0);
    const lines = objects(stdout);
    expect(lines.map(({ epoch }) => epoch)).toEqual([1, 2, undefined]);
    const keys = ['epoch', 'loss', 'accuracy', 'valLoss', 'valAccuracy', 'imagesPerSecond'];
    expect(Object.keys(lines[0] ?? {})).toEqual(keys);
    const end = lines[2] as Record<string, Record<string, unknown>>;
    expect(end).toMatchObject({ done: true, run: 1, model: 1 });
    const figures = ['n', 'accuracy', 'interval95', 'auc', 'sensitivity', 'specificity', 'majority'];
    expect(Object.keys(end['test'] ?? {})).toEqual(figures);
    expect(Object.keys(end['split'] ?? {})).toEqual(['learn', 'choose', 'judge']);
    expect(end['split']?.['learn']).toMatchObject({ patients: expect.any(Number) as number });
    const [runs] = objects((await run(['runs'])).stdout) as unknown as Record<string, unknown>[][];
    expect(runs?.[0]).toMatchObject({ id: 1, state: 'done', epochs: 2 });
  });

  it('trains over seeds and over folds, and ends with mean and spread', async () => {
    const series = async (...args: string[]) => {
      const { code, stdout } = await run(['train', '--epochs', '2', ...args]);
      expect(code).toBe(0);
      return objects(stdout).filter((row) => 'done' in row) as unknown as Record<string, never>[];
    };
    const folds = await series('--folds', '2');
    expect(folds.map((row) => row['fold'])).toEqual([{ number: 1, of: 2 }, { number: 2, of: 2 }, undefined]);
    expect(folds[2]).toMatchObject({ test: { auc: null }, checking: { auc: { mean: expect.any(Number) as number } } });
    // What one fold learns from the other is chosen by; the films to judge with are those of any other run.
    type Parts = Record<'learn' | 'choose' | 'judge', { films: number }>;
    const [one, two] = folds.map((row) => row['split'] as unknown as Parts);
    expect([one?.choose.films, one?.learn.films]).toEqual([two?.learn.films, two?.choose.films]);
    const seeds = await series('--seeds', '2', '--seed', '5');
    expect(seeds.map((row) => row['openings'])).toEqual([2, 3, undefined]);
    expect(seeds.map((row) => row['split'] as unknown as Parts).slice(0, 2)).toEqual([
      seeds[1]?.['split'],
      seeds[0]?.['split'],
    ]);
    expect((seeds[0]?.['split'] as unknown as Parts).judge).toEqual(one?.judge);
    expect(seeds[2]?.['runs']).toHaveLength(2);
    const wrong = await run(['train', '--seeds', '2', '--folds', '2']);
    expect([wrong.code, wrong.stdout]).toEqual([2, '']);
  });

  it('goes on with a series that was interrupted, from the epoch it told last', async () => {
    const args = ['train', '--seeds', '2', '--epochs', '30', '--size', '64', '--no-judge', '--library', library, '--json']; // prettier-ignore
    const { code, stdout } = await osteon(args, { signal: 'SIGINT', after: '"epoch":2' });
    expect(code).toBe(0);
    const stopped = objects(stdout).at(-1) as unknown as { run: number; state: string };
    expect(stopped.state).toBe('stopped');
    const told = objects(stdout).flatMap(({ epoch }) => epoch ?? []) as number[];
    const again = await run(['train', '--resume', 'series:3']);
    expect(again.code).toBe(0);
    const rows = objects(again.stdout);
    expect(rows[0]?.['epoch']).toBe(told.length + 1);
    expect(rows.at(-1)).toMatchObject({ done: true, runs: [stopped.run, stopped.run + 1], test: { auc: null } });
    expect(await refused(['train', '--resume', 'series:3'])).toBe('NOTHING_MISSING');
  });

  it('goes on with a run that was interrupted', async () => {
    const args = ['train', '--epochs', '400', '--size', '64', '--no-judge', '--library', library, '--json'];
    const { code, stdout } = await osteon(args, { signal: 'SIGINT', after: '"epoch":2' });
    expect(code).toBe(0);
    const stopped = objects(stdout).at(-1) as unknown as { run: number; state: string };
    expect(stopped.state).toBe('stopped');
    const again = await osteon(['train', '--resume', String(stopped.run), '--library', library, '--json'], {
      signal: 'SIGINT',
      after: '"epoch":',
    });
    const end = objects(again.stdout).at(-1) as unknown as { run: number; state: string; resumes: { epoch: number }[] };
    expect(end).toMatchObject({ run: stopped.run, state: 'stopped', resumes: [{ damaged: 0 }] });
    expect(await refused(['train', '--resume', '1'])).toBe('NOTHING_TO_RESUME');
  });

  it('answers each film in the order given, or says why not', async () => {
    const one = join(films, 'films', 'film-003.png');
    const { code, stdout } = await run(['classify', one, join(folder, 'nowhere.png'), join(films, 'films', 'cut.png')]);
    expect(code).toBe(1);
    const rows = objects(stdout);
    expect(rows[0]).toMatchObject({ file: expect.stringContaining('film-003.png') as string, model: 8 });
    expect(Object.keys(rows[0] ?? {})).toEqual(expect.arrayContaining(['probability', 'answer', 'threshold']));
    expect(rows.slice(1).map((row) => row['code'])).toEqual(['FILM_CUT_SHORT', 'FILE_UNREADABLE']);
    expect(await refused(['classify', one, '--model', '99'])).toBe('RUN_NOT_FOUND');
    expect((await run(['classify', one])).code).toBe(0);
  });
});

describe('export, backup, restore, verify', () => {
  const copy = (name: string) => {
    const to = join(folder, name);
    cpSync(library, to, { recursive: true });
    return to;
  };
  const original = (at: string) => {
    const shelf = join(at, 'originals', readdirSync(join(at, 'originals')).sort()[0] as string);
    return join(shelf, readdirSync(shelf)[0] as string);
  };
  const findings = async (at: string) => {
    const { code, stdout } = await run(['verify'], {}, at);
    return {
      code,
      names: (first(stdout) as unknown as { findings: { name: string }[] }).findings.map(({ name }) => name),
    };
  };

  it('writes the labels as a table', async () => {
    const out = join(folder, 'labels.csv');
    expect(first((await run(['export', 'labels', '--out', out])).stdout)).toMatchObject({ films: 48 });
    expect(readFileSync(out, 'utf8').match(/^\d+,[0-9a-f]{64},/gm)).toHaveLength(48);
    expect(await refused(['export', 'labels', '--out', join(out, 'labels.csv')])).toBe('PATH_UNUSABLE');
  });

  it('restores a backup into an empty folder only', async () => {
    const backup = first((await run(['backup', '--out', join(folder, 'backups')])).stdout);
    expect(backup).toMatchObject({ films: 48 });
    const to = join(folder, 'restored');
    expect((await run(['restore', String(backup['folder'])], {}, to)).code).toBe(0);
    expect(await findings(to)).toEqual({ code: 0, names: [] });
    expect(await refused(['restore', String(backup['folder'])], to)).toBe('RESTORE_TARGET_USED');
    expect(await refused(['restore', films], join(folder, 'not restored'))).toBe('BACKUP_DAMAGED');
    expect(existsSync(join(folder, 'not restored'))).toBe(false);
    if (process.platform === 'linux') expect(await refused(['backup', '--out', '/proc/backups'])).toBe('PATH_UNUSABLE');
  });

  it('finds what is wrong and names it', async () => {
    expect(await findings(library)).toEqual({ code: 0, names: [] });
    const changed = copy('changed');
    const bytes = readFileSync(original(changed));
    bytes[200] = (bytes[200] as number) ^ 1;
    rmSync(original(changed));
    writeFileSync(join(original(library).replace(library, changed)), bytes);
    expect(await findings(changed)).toEqual({ code: 1, names: [expect.stringMatching(/^films\/film-\d+.png$/)] });
    const lost = copy('lost');
    rmSync(original(lost));
    expect(await findings(lost)).toEqual({ code: 1, names: [expect.stringMatching(/^films\/film-\d+.png$/)] });
  });

  it('says that a journal was cut, though opening the library mended it', async () => {
    const cut = copy('cut');
    const journal = join(cut, 'labels.ndjson');
    const lines = readFileSync(journal, 'utf8').trim().split('\n');
    writeFileSync(journal, `${lines.slice(0, -1).join('\n')}\n`);
    expect((await findings(cut)).code).toBe(1);
    expect(await findings(cut)).toEqual({ code: 0, names: [] });
  });
});

it('draws a demo set, marked as drawn', async () => {
  const at = join(folder, 'demo');
  const { code, stdout } = await run(['demo', '--images', '20', '--seed', '2'], {}, at);
  expect(code).toBe(0);
  expect(first(stdout)).toMatchObject({ found: 20, imported: 20, synthetic: true });
});

// `npm test` builds the window first.
const built = existsSync(fileURLToPath(new URL('../../out/renderer/index.html', import.meta.url)));
it.skipIf(!built)('serves the window at the address it prints, until it is asked to end', async () => {
  const ended = await run(['serve', '--port', '0', '--no-open'], { signal: 'SIGTERM', after: '\n' });
  const [line, ...more] = objects(ended.stdout);
  expect(more).toEqual([]);
  expect(JSON.stringify(line)).toMatch(/http:\/\/127\.0\.0\.1:\d+/);
});

describe('networks', () => {
  it('are listed with where they come from and what they are made of', async () => {
    const { code, stdout } = await run(['networks', '--size', '32']);
    expect(code).toBe(0);
    const networks = objects(stdout)[0] as unknown as Record<string, unknown>[];
    expect(networks.map(({ name }) => name)).toEqual(expect.arrayContaining(['paper', 'single', 'resnet', 'osteon']));
    expect(networks.find(({ name }) => name === 'single')).toMatchObject({ parameters: 1025, macs: 1024, builtAt: 32 });
    for (const network of networks) {
      for (const words of ['title', 'source', 'adapted']) expect(String(network[words]).length).toBeGreaterThan(4);
    }
  });

  it('show the layers of a run, and the loss around it on films that do not judge', async () => {
    const layers = first((await run(['networks', '--run', '1'])).stdout) as unknown as { layers: object[] };
    expect(layers.layers[1]).toMatchObject({ name: 'conv1', rank: 4, dtype: 'float32', parameters: 320 });
    const slice = first((await run(['slice', '--run', '1', '--directions', '1', '--points', '3'])).stdout);
    expect(slice).toMatchObject({ run: 1, at: [-1, 0, 1] });
    const { loss, trained } = slice as unknown as { loss: number[][]; trained: number };
    expect(loss[0]?.[1]).toBeCloseTo(trained, 6);
    const wrong = await run(['slice', '--run', '1', '--points', '4']);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('must be odd')]);
  });

  it('are taken in from a model.json, and say that they were not measured here', async () => {
    const model = join(library, 'models', '1', 'model.json');
    const card = first((await run(['import-model', model, '--grey', '0..255'])).stdout);
    expect(card).toMatchObject({
      imported: '1/model.json',
      test: null,
      notice: expect.stringContaining('Not a medical device') as string,
    });
    const wrong = await run(['import-model', join(library, 'osteon.db')]);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('cannot be taken in')]);
  });

  it('are trained by name at their own size, and say what they have not', async () => {
    const { code, stdout } = await run(['train', '--preset', 'single', '--epochs', '2', '--no-judge']);
    expect(code).toBe(0);
    expect(objects(stdout).at(-1)).toMatchObject({ done: true, state: 'done' });
    const other = await run(['train', '--preset', 'single', '--epochs', '2', '--no-judge', '--balanced', '--best-by', 'auc']); // prettier-ignore
    expect(other.code).toBe(0);
    const runs = objects((await run(['runs'])).stdout).flat() as unknown as { settings: object }[];
    expect(runs.map(({ settings }) => settings)).toContainEqual(
      expect.objectContaining({ preset: 'single', balanced: true, bestBy: 'auc' }),
    );
    const wrong = await run(['train', '--preset', 'single', '--depth', '3']);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('"single" has no depth to set')]);
  });
});

it('says what was found on this computer', async () => {
  const { stdout } = await run(['doctor']);
  expect(first(stdout)).toMatchObject({
    findings: expect.arrayContaining([expect.objectContaining({ what: 'Node' })]) as unknown,
  });
});
