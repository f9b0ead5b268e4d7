import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { recognise } from '#core/imports/layouts/recognise.ts';
import { guessLabel, guessMapping } from '#core/imports/mapping.ts';
import { scan } from '#core/imports/scan.ts';
import { csv } from '#core/labels/csv.ts';
import { temporaryFolder } from '#test/library.ts';

/** Files by relative path; a film needs no content to be recognised by its path. */
function folderWith(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

function claims(folder: string, layout: Parameters<typeof recognise>[1] = 'auto', table?: string) {
  const found = scan([folder]);
  const reading = recognise(found, layout, table);
  return { reading, claims: Object.fromEntries(found.films.map((file) => [file.path, reading.claimOf(file)])) };
}

test('MURA: part, patient, study and label from the path', () => {
  const folder = folderWith({
    'train/XR_WRIST/patient00001/study1_positive/image1.png': '',
    'train/XR_WRIST/patient00001/study1_positive/._image1.png': '',
    'valid/XR_ELBOW/patient00002/study2_negative/image3.png': '',
  });
  const { reading, claims: found } = claims(folder);
  expect(reading.layout).toBe('mura');
  expect(found).toMatchObject({
    'train/XR_WRIST/patient00001/study1_positive/image1.png': {
      value: 'positive',
      patient: 'patient00001',
      study: 'WRIST/patient00001/study1',
      bodyPart: 'Wrist',
    },
    'valid/XR_ELBOW/patient00002/study2_negative/image3.png': {
      value: 'negative',
      patient: 'patient00002',
      bodyPart: 'Elbow',
    },
  });
  expect(Object.keys(found)).toHaveLength(2);
  expect(guessMapping(['positive'])).toEqual([{ value: 'positive', films: 1, label: 'fracture', sure: false }]);
});

test('MURA: the table of studies speaks before the folder name', () => {
  const folder = folderWith({
    'MURA-v1.1/valid/XR_HAND/patient00009/study1_positive/image1.png': '',
    'MURA-v1.1/valid_labeled_studies.csv': 'MURA-v1.1/valid/XR_HAND/patient00009/study1_positive/,0\n',
  });
  expect(Object.values(claims(folder).claims)[0]?.value).toBe('negative');
});

test('FracAtlas: columns by name in any order, several views and parts', () => {
  const folder = folderWith({
    'images/Fractured/IMG1.jpg': '',
    'images/Non_fractured/IMG2.jpg': '',
    'dataset.csv':
      'fractured,image_id,hip,hand,leg,shoulder,mixed,frontal,lateral,oblique\n1,IMG1.jpg,0,1,0,0,0,1,0,0\n0,IMG2.jpg,0,1,1,0,0,1,1,0\n',
  });
  const { reading, claims: found } = claims(folder);
  expect(reading.layout).toBe('fracatlas');
  expect(found['images/Fractured/IMG1.jpg']).toMatchObject({
    value: '1',
    bodyPart: 'Hand',
    projection: 'frontal',
    source: 'FracAtlas',
  });
  expect(found['images/Non_fractured/IMG2.jpg']).toMatchObject({
    value: '0',
    bodyPart: 'Several',
    projection: 'several',
  });
});

test.each([
  [
    'cases.csv',
    'File;Finding;Body part;Patient ID;View;Name\na.png;fx;Wrist;77;LATERAL;Doe\nsub/b.png;no fx;;78;;Roe\n',
  ],
  [
    'cases.json',
    JSON.stringify({
      films: [
        { file: 'a.png', finding: 'fx', 'body part': 'Wrist', 'Patient ID': 77, view: 'LATERAL', Name: 'Doe' },
        { file: 'sub\\b.png', finding: 'no fx', 'Patient ID': 78 },
      ],
    }),
  ],
])('table %s: fields by their usual names, the rest is not kept', (name, content) => {
  const folder = folderWith({ 'a.png': '', 'sub/b.png': '', 'c.png': '', [name]: content });
  const { reading, claims: found } = claims(folder);
  expect(reading).toMatchObject({ layout: 'table', tables: [name], dropped: ['Name'] });
  expect(found['a.png']).toMatchObject({ value: 'fx', bodyPart: 'Wrist', patient: '77', projection: 'lateral' });
  expect(found['sub/b.png']).toMatchObject({ value: 'no fx', patient: '78', bodyPart: null });
  expect(found['c.png']).toMatchObject({ value: '', patient: null });
  expect(reading.notes.join(' ')).toMatch(/1 of 3 films/);
  const mapping = guessMapping(Object.values(found).map((claim) => claim.value));
  expect(mapping.map(({ value, label }) => [value, label])).toEqual([
    ['fx', 'fracture'],
    ['no fx', 'whole'],
    ['', null],
  ]);
});

test('a column called __proto__ changes nothing', () => {
  const folder = folderWith({
    'a.png': '',
    't.json': '[{"file":"a.png","label":"fracture","__proto__":{"polluted":1}}]',
  });
  expect(claims(folder).claims['a.png']?.value).toBe('fracture');
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

test('folders: labels from the nearest telling folder, through train and test', () => {
  const folder = folderWith({ 'train/fracture/a.png': '', 'train/whole/b.png': '', 'test/fracture/hand/c.png': '' });
  const { reading, claims: found } = claims(folder);
  expect(reading.layout).toBe('folders');
  expect(
    Object.values(found)
      .map((claim) => claim.value)
      .sort(),
  ).toEqual(['fracture', 'fracture', 'whole']);
});

test('plain files are films without labels', () => {
  expect(claims(folderWith({ 'a.png': '', 'notes.csv': 'x,y\n1,2\n' })).reading.layout).toBe('files');
});

test('a layout asked for by name that is not there says why', () => {
  const folder = folderWith({ 'a.png': '' });
  expect(() => claims(folder, 'mura')).toThrow(/does not have the layout mura: no path looks like/);
  expect(() => claims(folder, 'table')).toThrow(/no CSV or JSON table/);
  writeFileSync(join(folder, 'bad.csv'), 'file,label\n"a.png,1\n');
  expect(() => claims(folder, 'auto', join(folder, 'bad.csv'))).toThrow(/table bad.csv cannot be read/);
});

test('scanning follows no links, hangs on no pipe, and knows films without an ending by their first bytes', () => {
  const folder = folderWith({
    'a.jpg': '',
    b: `${'\0'.repeat(128)}DICM`,
    'c.txt': 'x',
    '.hidden.png': '',
    'Thumbs.db': '',
  });
  const outside = folderWith({ 'secret.png': '' });
  symlinkSync(outside, join(folder, 'link'));
  symlinkSync(folder, join(folder, 'loop'));
  execFileSync('mkfifo', [join(folder, 'pipe.png')]);
  const found = scan([folder]);
  expect(found.films.map((file) => file.path)).toEqual(['a.jpg', 'b']);
  expect(found.others).toBe(4);
});

test('a path that is not there is said by name', () => {
  expect(() => scan(['/nowhere/film.png'])).toThrow(/film.png cannot be opened: it is not there/);
});

test.each([
  ['No acute fracture', 'whole'],
  ['no evidence of fracture', 'whole'],
  ['Negative for fracture', 'whole'],
  ['fracture excluded', 'whole'],
  ['fracture-free', 'whole'],
  ['Unbroken', 'whole'],
  ['possible fracture', 'uncertain'],
  ['?fracture', 'uncertain'],
  ['fracture cannot be excluded', 'uncertain'],
  ['rule out fracture', 'uncertain'],
  ['Distal radius fracture', 'fracture'],
  ['non-displaced fracture', 'fracture'],
  ['fracture, no displacement', 'fracture'],
  ['fracture: no', null],
  ['no soft tissue swelling, old fracture', null],
  ['osteoarthritis', null],
])('"%s" is guessed to mean %s', (words, label) => {
  expect(guessLabel(words)).toEqual({ label, sure: false });
});

test('a table says which films it names in vain or twice, and which it does not name', () => {
  const rows = 'file,label\na.png,whole\nb.png,whole\nA.png,fracture\ngone.png,whole\n';
  const folder = folderWith({ 'films.csv': rows, 'a.png': '', 'b.png': '', 'c.png': '' });
  const { reading, claims: found } = claims(folder);
  expect(reading.notes).toEqual([
    'Not in the table: 1 of 3 films.',
    'Named in the table, but not there: 1 film (gone.png).',
    'Named more than once in the table: 1 film; the last row counts.',
  ]);
  expect(found).toMatchObject({ 'a.png': { value: 'fracture' }, 'c.png': { value: '' } });
});

test('a table that Osteon wrote is read back as it was', () => {
  const folder = folderWith({
    '-1.png': '',
    "'quoted.png": '',
    'table.csv': csv(
      ['file', 'label'],
      [
        ['-1.png', 'fracture'],
        ["'quoted.png", 'whole'],
      ],
    ),
  });
  const { claims: found } = claims(folder);
  expect([found['-1.png']?.value, found["'quoted.png"]?.value]).toEqual(['fracture', 'whole']);
});
