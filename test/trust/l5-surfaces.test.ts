// L5 of the trust plan: wherever a result stands, it says that it is no diagnosis, which model answers and from how many
// films it learned; what is no such X-ray gets no answer. The pages of the window: test/e2e/notice.spec.ts.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NOTICE } from '#api/notice.ts';
import type { PredictionRow } from '#api/predictions.ts';
import { drawingOf, saveFigures, saveTable, svgOf } from '#renderer/charts/save-figure.ts';
import { rocCurve } from '#renderer/charts/roc.ts';
import type { Palette } from '#renderer/charts/palette.ts';
import { answersCsv } from '#renderer/classify/answer-words.ts';
import { drawFilm, writeFilms } from '#test/films.ts';
import { sampleFigures } from '../renderer/charts/sample.ts';

const VERDICT = /\b(fracture|whole|cannot tell)\b/;

function osteon(...words: string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [resolve('cli/main.ts'), ...words], {
    encoding: 'utf8',
  });
  return { stdout, stderr, status, lines: stdout.trim().split('\n') };
}

/** Films to ask about: one of the kind that was learned from, and three that are not. */
async function writeAsked(folder: string): Promise<void> {
  mkdirSync(folder);
  const keep = async (name: string, picture: Sharp) =>
    writeFileSync(join(folder, name), await picture.png().toBuffer());
  writeFileSync(join(folder, 'a film.png'), await drawFilm(900_001, true));
  const text = Array.from(
    { length: 14 },
    (_, i) => `<text x="8" y="${20 + i * 18}" font-size="15">Invoice ${i} over 4711.00</text>`,
  );
  await keep('page.png', sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="200" height="280"><rect width="200" height="280" fill="#fff"/>${text.join('')}</svg>`))); // prettier-ignore
  await keep('black.png', sharp({ create: { width: 90, height: 120, channels: 3, background: '#000' } }));
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 };
  await keep('noise.png', sharp({ create: { width: 90, height: 120, channels: 3, background: '#888', noise } }));
}

describe('the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'osteon-surfaces-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let said: Record<string, ReturnType<typeof osteon>>;
  beforeAll(async () => {
    const library = ['--library', join(folder, 'library')];
    await writeFilms(join(folder, 'films'), 80);
    await writeAsked(join(folder, 'asked'));
    osteon('import', join(folder, 'films'), ...library);
    said = {
      help: osteon('--help'),
      'classify --help': osteon('classify', '--help'),
      train: osteon('train', '--epochs', '2', ...library),
      'train --json': osteon('train', '--epochs', '1', '--json', ...library),
      runs: osteon('runs', ...library),
      'runs --json': osteon('runs', '--json', ...library),
      'export notebook': osteon('export', 'notebook', '--run', '1', '--out', join(folder, 'notebook'), ...library),
      classify: osteon('classify', join(folder, 'asked'), '--model', '1', ...library),
      'classify --json': osteon('classify', join(folder, 'asked'), '--model', '1', '--json', ...library),
    };
  }, 180_000);

  test('says so wherever it speaks of networks', () => {
    // Help is broken into lines where the terminal ends.
    for (const [command, { stdout }] of Object.entries(said))
      expect([command, stdout.replaceAll(/\s+/g, ' ')]).toEqual([command, expect.stringContaining(NOTICE)]);
  });

  test('a training ends with its model and the films it learned from', () => {
    expect(said['train']?.stdout).toMatch(/run 1, .*learned from \d+ films of \d+ patients/);
    const end = JSON.parse(said['train --json']?.lines.at(-1) ?? '') as {
      run: number;
      split: { learn: { films: number } };
      notice: string;
    };
    expect(end).toMatchObject({ run: 2, notice: NOTICE, split: { learn: { films: expect.any(Number) as number } } });
    const runs = JSON.parse(said['runs --json']?.stdout ?? '') as { id: number; films: number; notice: string }[];
    expect(runs.map(({ films, notice }) => [films > 0, notice])).toEqual([[true, NOTICE], [true, NOTICE]]); // prettier-ignore
    for (const line of said['runs']?.lines.slice(0, -1) ?? []) expect(line).toMatch(/^run \d+\t.*\d+ films/);
  });

  test('no answer stands alone: probability, threshold, model and films with each', () => {
    const answers = said['classify']?.lines.slice(0, -1) ?? [];
    expect(answers.length).toBeGreaterThan(0);
    for (const line of answers) {
      expect(line).toMatch(VERDICT);
      expect(line).toMatch(/probability of fracture 0\.\d\d|probability of fracture 1\.00/);
      expect(line).toMatch(/threshold \d\.\d\d, Run 1, .*, learned from \d+ films/);
    }
  });

  test('what is no such film gets a reason and no answer', () => {
    const rows = said['classify --json']?.lines.map((line) => JSON.parse(line) as Record<string, unknown>) ?? [];
    expect(rows.map(({ file }) => file).sort()).toEqual(['a film.png', 'black.png', 'noise.png', 'page.png']);
    for (const row of rows) {
      if (row['file'] === 'a film.png')
        expect(row).toMatchObject({ model: 1, notice: NOTICE, learnedFrom: expect.stringMatching(/\d+ films/) as string, threshold: expect.any(Number) as number }); // prettier-ignore
      else expect([row['file'], row['code'], 'probability' in row, 'answer' in row]).toEqual([row['file'], 'NOT_LIKE_LEARNED', false, false]); // prettier-ignore
    }
    expect(said['classify']?.stderr).toMatch(/page\.png does not look like the X-rays this network learned from/);
  });
});

describe('files', () => {
  const provenance = { run: 'Run 3, Paper preset, 28 × 28, 499 films', file: 'run-3' };
  const figure = drawingOf(rocCurve(sampleFigures), 304, 304);
  const tones = {
    learn: '#111',
    check: '#222',
    ghost: '#333',
    accent: '#444',
    strong: '#555',
    plain: '#666',
    faint: '#777',
  };
  const palette: Palette = { tones, background: '#000', plate: '#111', grid: '#222', wash: '#333', warn: '#ee0', font: 'sans-serif' }; // prettier-ignore
  const kept = new Map<string, Blob>();
  const keep = (name: string, blob: Blob) => Promise.resolve(void kept.set(name, blob));

  test('a figure as SVG, which a PNG is drawn from, and as CSV', async () => {
    const svg = svgOf([figure], provenance, palette);
    expect(svg).toContain(NOTICE);
    expect(svg).toContain(provenance.run);
    await saveFigures([figure], provenance, 'csv', keep);
    await saveTable({ columns: [{ name: 'a' }], rows: [[1], [2]] }, 'table.csv', provenance, keep);
    expect(kept.size).toBe(2);
    for (const [name, blob] of kept) {
      const [head = '', ...rows] = (await blob.text()).trimEnd().split('\r\n');
      expect([name, head]).toEqual([name, expect.stringMatching(/,run,notice$/)]);
      for (const row of rows) expect(row.endsWith(`,"${provenance.run}",${NOTICE}`), row).toBe(true);
    }
  });

  test('a list of answers as CSV, refusals too', () => {
    const refusal = { path: 'b.png', code: 'NOT_A_FILM', reason: 'b.png is not a picture Osteon reads.' };
    const model = { title: 'Run 3', learnedFrom: '499 films' };
    const prediction = { file: 'a.png', probability: 0.7, answer: 'fracture', threshold: 0.5, model };
    const rows = [
      { prediction, refusal: null },
      { prediction: null, refusal },
    ] as unknown as PredictionRow[];
    const lines = answersCsv(rows, NOTICE).trimEnd().split('\r\n').slice(1);
    expect(lines.filter((line) => line.endsWith(NOTICE))).toHaveLength(2);
    expect(lines[0]).toContain('0.7,fracture,0.5,Run 3,499 films');
    expect(lines[1]).not.toMatch(VERDICT);
  });

  test.skipIf(!existsSync('README.md'))('the README', () => {
    expect(readFileSync('README.md', 'utf8')).toMatch(/not a medical device/i);
  });
});
