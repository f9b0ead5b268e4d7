// Whole imports through a real core: what contradicts, what comes again after an undo, what a path may not tell.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { nodeChildren } from '#core/children/node.ts';
import { createCore } from '#core/core.ts';
import { silent } from '#core/log.ts';
import { EXPLICIT, dicomFile, shapeFields, words } from '#test/fixtures/dicom.ts';
import { drawFilm } from '#test/films.ts';
import { temporaryFolder } from '#test/library.ts';

const startChild = nodeChildren(new URL('../../../core/children/', import.meta.url), '.ts');

function openCore() {
  const folder = join(temporaryFolder(), 'library');
  const options = { library: folder, create: true, home: null, startChild, log: silent, version: '0', host: 'test' };
  const core = createCore(options);
  onTestFinished(() => core.close());
  return { core, client: createRouterClient(core.router), folder };
}

type Client = ReturnType<typeof openCore>['client'];
type Labels = Record<string, 'fracture' | 'whole' | null>;

async function bring(client: Client, folder: string, labels: Labels = {}, source?: string) {
  const { job, preview } = await client.imports.preview({ paths: [folder] });
  await ended(client, job);
  const report = await client.imports.previewed({ preview });
  const mapping = Object.entries(labels).map(([value, label]) => ({ value, label }));
  const started = await client.imports.start({ preview, mapping, ...(source ? { source } : {}) });
  await ended(client, started.job);
  return { report, summary: await client.imports.get({ import: started.import }) };
}

async function ended(client: Client, job: string): Promise<void> {
  for await (const now of await client.jobs.follow({ job })) expect(now.error).toBeNull();
}

const filmsOf = async (client: Client) =>
  (await client.xrays.list({ filter: {}, sort: 'file', offset: 0, limit: 99 })).films;
const labelsOf = async (client: Client) => Object.fromEntries((await filmsOf(client)).map((f) => [f.file, f.label]));

/** Two films a class in folders named by class. */
async function classFolders(): Promise<string> {
  const folder = temporaryFolder();
  for (const [at, path] of ['fracture/a.png', 'fracture/b.png', 'whole/c.png', 'whole/d.png'].entries()) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), await drawFilm(at, at < 2));
  }
  return folder;
}

test('films are of the source that is named, else of the layout, else of the folder', async () => {
  const atlas = async (seed: number) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'images'));
    writeFileSync(join(folder, 'images/a.png'), await drawFilm(seed, true));
    writeFileSync(join(folder, 'dataset.csv'), 'image_id,fractured\na.png,1\n');
    return folder;
  };
  const { client } = openCore();
  await bring(client, await atlas(1), {}, 'The ward');
  await bring(client, await atlas(2));
  const folders = await classFolders();
  await bring(client, folders);
  const sources = new Set((await filmsOf(client)).map(({ source }) => source));
  expect(sources).toEqual(new Set(['The ward', 'FracAtlas', basename(folders)]));
});

test('one file under both labels comes in without a label and is named', async () => {
  const folder = await classFolders();
  cpSync(join(folder, 'fracture/a.png'), join(folder, 'whole/copy.png'));
  const { client } = openCore();
  const { report, summary } = await bring(client, folder);
  expect(report.contradictions).toEqual([
    { paths: ['fracture/a.png', 'whole/copy.png'], labels: ['fracture', 'whole'] },
  ]);
  expect(summary).toMatchObject({ imported: 4, duplicates: 1, labels: { fracture: 1, whole: 2, none: 1 } });
  expect(await labelsOf(client)).toMatchObject({ 'fracture/a.png': null, 'fracture/b.png': 'fracture' });
});

test('the same pixels in another file under the other label: both come in, marked', async () => {
  const folder = await classFolders();
  writeFileSync(
    join(folder, 'whole/copy.png'),
    await sharp(join(folder, 'fracture/a.png')).png({ compressionLevel: 1 }).toBuffer(),
  );
  const { client } = openCore();
  const { report, summary } = await bring(client, folder);
  expect(report.contradictions).toHaveLength(1);
  expect(summary.imported).toBe(5);
  const marked = (await filmsOf(client))
    .filter((film) => film.problems.includes('two-labels'))
    .map((film) => film.file);
  expect(marked).toEqual(['fracture/a.png', 'whole/copy.png']);
});

test('a copy that contradicts the library is named; its standing label stays', async () => {
  const folder = await classFolders();
  const { client } = openCore();
  await bring(client, folder);
  const other = temporaryFolder();
  mkdirSync(join(other, 'whole'));
  mkdirSync(join(other, 'fracture'));
  cpSync(join(folder, 'fracture/a.png'), join(other, 'whole/again.png'));
  writeFileSync(
    join(other, 'whole/resaved.png'),
    await sharp(join(folder, 'fracture/b.png')).png({ compressionLevel: 1 }).toBuffer(),
  );
  writeFileSync(join(other, 'fracture/e.png'), await drawFilm(77, true));
  const { report } = await bring(client, other);
  expect(report.contradictions.map(({ labels }) => labels)).toEqual([
    ['fracture', 'whole'],
    ['fracture', 'whole'],
  ]);
  expect(await labelsOf(client)).toMatchObject({ 'fracture/a.png': 'fracture', 'whole/resaved.png': 'whole' });
  const marked = (await filmsOf(client))
    .filter((film) => film.problems.includes('two-labels'))
    .map((film) => film.file);
  expect(marked).toEqual(['fracture/b.png', 'whole/resaved.png']);
});

test('an import undone and done again says what the second one says; what a reader decided stands', async () => {
  const folder = await classFolders();
  const { client } = openCore();
  const wrong = await bring(client, folder, { fracture: 'whole', whole: 'fracture' });
  const [first] = await filmsOf(client);
  await client.labels.set({ xrays: [first!.id], label: 'fracture', reader: 'Reader' });
  await client.imports.undo({ import: wrong.summary.import });
  expect(await filmsOf(client)).toEqual([]);

  const right = await bring(client, folder);
  expect(right.report.films).toBe(4);
  expect(right.summary).toMatchObject({ imported: 4, undoable: true, labels: { fracture: 2, whole: 2 } });
  expect(await labelsOf(client)).toEqual({
    'fracture/a.png': 'fracture',
    'fracture/b.png': 'fracture',
    'whole/c.png': 'whole',
    'whole/d.png': 'whole',
  });
  const history = await client.labels.history({ xray: (await filmsOf(client))[2]!.id });
  expect(history.map(({ before, after }) => [before, after])).toEqual([
    ['fracture', 'whole'],
    [null, 'fracture'],
  ]);
  expect(await client.imports.get({ import: wrong.summary.import })).toMatchObject({ imported: 0, undoable: false });
  expect((await client.imports.undo({ import: right.summary.import })).films).toBe(4);
  expect(await filmsOf(client)).toEqual([]);
});

test('near-duplicates are known again after one left and came back', async () => {
  const folder = await classFolders();
  const resaved = temporaryFolder();
  writeFileSync(join(resaved, 'e.jpg'), await sharp(join(folder, 'fracture/a.png')).jpeg({ quality: 80 }).toBuffer());
  const { client } = openCore();
  const first = await bring(client, folder);
  await client.imports.undo({ import: first.summary.import });
  await bring(client, resaved);
  await client.xrays.restore({ xrays: [1, 2, 3, 4] });
  expect((await filmsOf(client)).some((film) => film.problems.includes('near-duplicate'))).toBe(false);
  await client.runs.plan({ settings: {} });
  const twins = (await filmsOf(client)).filter((film) => film.problems.includes('near-duplicate'));
  expect(twins.map((film) => film.file)).toEqual(['e.jpg', 'fracture/a.png']);
});

test('folders and files named after the patient do not enter the library under that name', async () => {
  const folder = join(temporaryFolder(), 'DOE^JANE 1961');
  mkdirSync(join(folder, 'left wrist'), { recursive: true });
  const grey = Array.from({ length: 48 * 48 }, (_, at) => (at * 7) % 4096);
  const file = dicomFile(EXPLICIT, [
    ...shapeFields({ rows: 48, columns: 48, stored: 12 }),
    words(grey),
    [0x00100010, 'PN', 'Doe^Jane'],
    [0x00100020, 'LO', 'H-4711'],
  ]);
  writeFileSync(join(folder, 'left wrist', 'doe_h4711.dcm'), file);
  writeFileSync(join(folder, 'left wrist', 'IM2.dcm'), Buffer.concat([file.subarray(0, 300)]));
  const { client, folder: library } = openCore();
  const { report } = await bring(client, folder);
  expect(report.privacy.dropped).toContain('Names of folders and files');
  expect((await filmsOf(client)).map((film) => film.file)).toEqual(['left wrist/name removed.dcm']);
  const kept = ['osteon.db', 'osteon.db-wal', 'films.ndjson'].map((name) =>
    readFileSync(join(library, name), 'latin1'),
  );
  for (const text of kept) expect(text).not.toMatch(/doe|jane|4711/i);
});
