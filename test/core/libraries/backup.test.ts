import { appendFileSync, mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { decide } from '#core/labels/decide.ts';
import { backUp, restore } from '#core/libraries/backup.ts';
import { listBackups } from '#core/libraries/backups.ts';
import { originalPath } from '#core/libraries/folder.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { verify } from '#core/libraries/verify.ts';
import { addFilms, temporaryFolder, testLibrary } from '#test/library.ts';

/** A library whose films have real kept files. */
function withFiles(): OpenLibrary {
  const library = testLibrary();
  for (let i = 0; i < 4; i++) {
    const bytes = Buffer.from(`picture ${i} `.repeat(50));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const path = originalPath(library.paths, sha256);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    const [id = 0] = addFilms(library, 1, { sha256, source_sha256: sha256 });
    decide(library, [{ xray: id, label: 'whole' }], { reader: 'a', why: 'read' });
  }
  return library;
}

const labels = ({ db }: OpenLibrary) => db.raw.prepare('SELECT * FROM labels ORDER BY xray_id').all();

test('a backup restores to a library that is whole and equal', async () => {
  const library = withFiles();
  const backup = await backUp(library);
  expect(backup).toMatchObject({ films: 4, events: 4 });
  expect(listBackups(library.paths.backups)).toEqual([backup]);
  const into = join(temporaryFolder(), 'restored');
  await restore(backup.folder, into);
  const restored = testLibrary(into);
  expect(restored.notices).toEqual([]);
  expect((await verify(restored)).findings).toEqual([]);
  const events = (l: OpenLibrary) => l.db.raw.prepare('SELECT seq, hash FROM events').all();
  expect(events(restored)).toEqual(events(library));
});

test.each([
  ['cut short', (folder: string) => truncateSync(join(folder, 'osteon.db'), 5000)],
  ['without its database', (folder: string) => rmSync(join(folder, 'osteon.db'))],
  ['with a changed film', (folder: string) => appendFileSync(anyFilm(folder), 'x')],
  ['with a missing film', (folder: string) => rmSync(anyFilm(folder))],
  ['without its card', (folder: string) => rmSync(join(folder, 'backup.json'))],
])('a backup %s is refused and nothing is written', async (_, damage) => {
  const library = withFiles();
  const elsewhere = temporaryFolder();
  const { folder } = await backUp(library, elsewhere);
  damage(folder);
  const into = join(temporaryFolder(), 'restored');
  await expect(restore(folder, into)).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
  expect(readdirSync(dirname(into))).toEqual([]);
});

test('a backup is not restored over anything', async () => {
  const { folder } = await backUp(withFiles());
  const into = temporaryFolder();
  writeFileSync(join(into, 'mine.txt'), 'x');
  await expect(restore(folder, into)).rejects.toMatchObject({ code: 'RESTORE_TARGET_USED' });
  expect(readdirSync(into)).toEqual(['mine.txt']);
});

test('verify names every changed or missing film and nothing else', async () => {
  const library = withFiles();
  expect(await verify(library)).toMatchObject({ ok: true, films: 4, events: 4, findings: [] });
  const [a = '', b = ''] = filmFiles(library.paths.originals);
  const bytes = readFileSync(a);
  bytes[7] = (bytes[7] ?? 0) ^ 1;
  writeFileSync(a, bytes);
  rmSync(b);
  const { findings } = await verify(library);
  expect(findings.map((finding) => finding.what)).toEqual(['film', 'film']);
});

test('verify sees a journal that lacks or changes a decision', async () => {
  const library = withFiles();
  const whole = readFileSync(library.paths.labelJournal, 'utf8').trim().split('\n');
  writeFileSync(
    library.paths.labelJournal,
    `${whole.slice(0, 2).join('\n')}\n${(whole[3] ?? '').replace('whole', 'fracture')}\n`,
  );
  const { findings } = await verify(library);
  expect(findings.map((finding) => finding.sentence).join(' ')).toMatch(
    /1 of 4 decisions of the database missing .*: 3\. 1 of 4 decisions not the same .*: 4\./,
  );
});

test('verify names a label that is not what was decided last, and opening sets it right', async () => {
  const library = withFiles();
  const before = labels(library);
  library.db.raw.exec(`UPDATE labels SET label = 'uncertain' WHERE xray_id = 1`);
  library.db.raw.exec(`UPDATE labels SET reader = 'someone' WHERE xray_id = 2`);
  library.db.raw.exec(`DELETE FROM labels WHERE xray_id = 3`);
  const [extra] = addFilms(library, 1);
  library.db.raw.prepare(`INSERT INTO labels VALUES (?, 'whole', 'someone', '', 2)`).run(extra);
  const { findings } = await verify(library);
  expect(findings.map(({ what, name }) => [what, name])).toEqual([0, 1, 2, 4].map((n) => ['label', `film-${n}.png`]));
  library.close();
  const again = testLibrary(library.paths.folder);
  expect(again.notices.join(' ')).toMatch(/film-0.*film-1.*film-2.*film-4/);
  expect(labels(again)).toEqual(before);
  expect((await verify(again)).findings).toEqual([]);
});

test('verify names films that stand otherwise in database and film journal', async () => {
  const library = withFiles();
  library.db.raw.exec(`UPDATE xrays SET patient = 'P-other' WHERE id = 1`);
  const lines = readFileSync(library.paths.filmJournal, 'utf8').trim().split('\n');
  writeFileSync(library.paths.filmJournal, `${lines.toSpliced(2, 1).join('\n')}\n`);
  const { findings } = await verify(library);
  expect(findings.map(({ name, sentence }) => `${name}: ${sentence}`)).toEqual([
    'films.ndjson: 1 film missing from films.ndjson: film-2.png.',
    'film-0.png: What the database says of film-0.png is not what films.ndjson says: patient.',
  ]);
});

test('a film journal that was cut is told from a sudden end when the library is opened', () => {
  const library = withFiles();
  library.close();
  const whole = readFileSync(library.paths.filmJournal, 'utf8').trim().split('\n');
  writeFileSync(library.paths.filmJournal, `${whole.slice(0, -1).join('\n')}\n`);
  expect(testLibrary(library.paths.folder).notices).toEqual([
    'Missing from films.ndjson and written there again: 1 film (film-3.png).',
  ]);
  expect(readFileSync(library.paths.filmJournal, 'utf8').trim().split('\n').toSorted()).toEqual(whole.toSorted());
});

function filmFiles(originals: string): string[] {
  return readdirSync(originals, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function anyFilm(folder: string): string {
  return filmFiles(join(folder, 'originals'))[0] ?? '';
}
