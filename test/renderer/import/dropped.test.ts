import { expect, test } from 'vitest';
import { uploadName } from '#api/contract.ts';
import type { HostBridge } from '#api/host.ts';
import { newUploadSet, takeDrop } from '#renderer/import/dropped.ts';

interface Entry {
  isFile: boolean;
  isDirectory: boolean;
  fullPath: string;
  file?: (done: (file: File) => void) => void;
  createReader?: () => { readEntries: (done: (entries: Entry[]) => void) => void };
}

const file = (fullPath: string): Entry => ({
  isFile: true,
  isDirectory: false,
  fullPath,
  file: (done) => done(new File(['x'], fullPath.split('/').at(-1) ?? '')),
});

/** Answers its entries a hundred at a time, as browsers do. */
const folder = (fullPath: string, entries: Entry[]): Entry => ({
  isFile: false,
  isDirectory: true,
  fullPath,
  createReader: () => {
    const left = [...entries];
    return { readEntries: (done) => done(left.splice(0, 100)) };
  },
});

function transfer(entries: (Entry | null)[], files: File[] = []): DataTransfer {
  return { files, items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })) } as unknown as DataTransfer;
}

test('folders are walked through, with the paths inside them, however many files they hold', async () => {
  const many = Array.from({ length: 250 }, (_, i) => file(`/set/deep/${i}.png`));
  const dropped = await takeDrop(transfer([folder('/set', [folder('/set/deep', many), file('/set/cases.csv')])]), null);
  if (!('files' in dropped)) throw new Error('files expected');
  expect(dropped.files).toHaveLength(251);
  expect(dropped.files[0]?.path).toBe('set/deep/0.png');
  expect(dropped.files.at(-1)?.path).toBe('set/cases.csv');
});

test('the desktop knows paths, and then nothing is read here', async () => {
  const host = { pathOf: (one: File) => `/films/${one.name}` } as unknown as HostBridge;
  const dropped = await takeDrop(transfer([file('/a.dcm')], [new File(['x'], 'a.dcm')]), host);
  expect(dropped).toEqual({ paths: ['/films/a.dcm'] });
});

test('one file without a path sends all of them', async () => {
  const host = { pathOf: (one: File) => (one.name === 'a.dcm' ? '/films/a.dcm' : null) } as unknown as HostBridge;
  const files = [new File(['x'], 'a.dcm'), new File(['y'], 'clipboard.png')];
  const dropped = await takeDrop(transfer([file('/a.dcm'), file('/clipboard.png')], files), host);
  if (!('files' in dropped)) throw new Error('files expected');
  expect(dropped.files.map(({ path }) => path)).toEqual(['a.dcm', 'clipboard.png']);
});

test('a set of uploads has a name the core takes, and never the same twice', () => {
  const names = Array.from({ length: 50 }, newUploadSet);
  for (const name of names) expect(uploadName.safeParse(name).success).toBe(true);
  expect(new Set(names).size).toBe(names.length);
});
