// An exported notebook runs from top to bottom in Python, opened and sealed, and its network answers in Keras as here.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { python, whyNoKeras } from '#test/keras.ts';
import { temporaryFolder } from '#test/library.ts';
import { drawnLibrary } from './drawn-library.ts';

const TIMEOUT_MS = 600_000;

interface Output {
  output_type: string;
  text?: string | string[];
  data?: Record<string, unknown>;
}

/** What the cells show: their words, and how many pictures. */
async function runNotebook(folder: string): Promise<{ words: string; pictures: number }> {
  const file = join(folder, 'run.ipynb');
  await python(join(import.meta.dirname, 'run-notebook.py'), file);
  const { cells } = JSON.parse(readFileSync(file, 'utf8')) as {
    cells: { cell_type: string; execution_count?: number | null; outputs?: Output[] }[];
  };
  const code = cells.filter((cell) => cell.cell_type === 'code');
  expect(code.map((cell) => cell.execution_count)).toEqual(code.map((_, place) => place + 1));
  const outputs = code.flatMap((cell) => cell.outputs ?? []);
  return {
    words: outputs.flatMap(({ text = [] }) => text).join(''),
    pictures: outputs.filter(({ data }) => data && 'image/png' in data).length,
  };
}

test(
  'an exported notebook runs from top to bottom',
  async ({ skip }) => {
    const why = whyNoKeras();
    if (why !== null) skip(why);
    const { client, follow } = await drawnLibrary();
    const settings = { epochs: 2, patience: null, size: 32, batch: 8, mirrorAnswers: true, judge: false };
    const { run } = await client.runs.start({ settings });
    await follow(run);
    const sealed = await client.runs.exportNotebook({ run, folder: join(temporaryFolder(), 'sealed') });
    const judged = await client.runs.judge({ run });
    const opened = await client.runs.exportNotebook({ run, folder: join(temporaryFolder(), 'opened') });

    const first = await runNotebook(sealed.folder);
    expect(first.words).toContain('Data and split are those of the run.');
    expect(first.words).toMatch(/At most \S+ apart\./);
    expect(first.pictures).toBe(4);
    const second = await runNotebook(opened.folder);
    expect(second.words).toContain(`AUC: ${judged.test?.auc.toFixed(3)}`);
    expect(second.pictures).toBe(5);

    // A label that is not the run's is seen.
    const films = join(sealed.folder, 'films.csv');
    writeFileSync(films, readFileSync(films, 'utf8').replace('whole', 'fracture'));
    await expect(runNotebook(sealed.folder)).rejects.toThrow(/are not those of the run/);
  },
  TIMEOUT_MS,
);
