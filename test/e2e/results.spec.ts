// The page Results in a browser, on a real server with really trained runs.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { XMLValidator } from 'fast-xml-parser';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './serve.ts';
import { coreOf, goTo, trainedRun, turnLabels } from './train-films.ts';

const headline = (page: Page) => page.getByRole('heading', { level: 1 });
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

test.use({ films: 120 });

/** Opens the export menu of a format, takes an item, answers the file. */
async function exported(
  page: Page,
  format: string,
  item: string,
  place = 0,
): Promise<{ name: string; content: Buffer }> {
  await page.getByRole('button', { name: `Export as ${format}` }).click();
  const coming = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: item, exact: true }).nth(place).click();
  const download = await coming;
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}

test('says that no network has been trained, and leads to Train', async ({ window }) => {
  await goTo(window, 'Results');
  await expect(headline(window)).toHaveText('No network has been trained in this library yet');
  await expectAccessible(window);
  await window.getByRole('button', { name: 'To Train', exact: true }).click();
  await expect(window).toHaveURL(/#train$/);
});

test('shows the figures of a run with their intervals, and opens the films behind them', async ({ window, osteon }) => {
  const core = coreOf(osteon);
  await turnLabels(core);
  const run = await trainedRun(core);
  const figures = run.test!;
  await goTo(window, 'Results');
  await expect(headline(window)).toHaveText(`${percent(figures.accuracy)} of the judging films answered rightly`);
  await expect(window.getByText(run.sentence!.slice(0, 40))).toBeVisible();
  await expect(window.getByText('Judging films opened once')).toBeVisible();
  await expect(window.getByText('Research and teaching. Not a medical device; not for diagnosis.')).toBeVisible();
  await expect(window.getByRole('img', { name: /^This run .* The paper, on other films 73\.13 %\.$/ })).toBeVisible();
  await expect(window.getByRole('img', { name: /^ROC curve, area/ })).toBeVisible();
  const sensitivity = window.getByRole('row', { name: /^Fractures found/ });
  await expect(sensitivity).toContainText(`${figures.shares.sensitivity.right} of ${figures.shares.sensitivity.of}`);
  await expectAccessible(window);
  await window.emulateMedia({ colorScheme: 'light' });
  await expectAccessible(window);

  const { fractureFound, fractureMissed, falseAlarm, wholeRight } = figures.matrix;
  expect(fractureFound + fractureMissed + falseAlarm + wholeRight).toBe(figures.n);
  const cells = {
    'fracture films answered whole': fractureMissed,
    'whole films answered fracture': falseAlarm,
    'fracture films answered fracture': fractureFound,
    'whole films answered whole': wholeRight,
  };
  const [name, films] = Object.entries(cells).find(([, count]) => count > 0)!;
  const cell = window.getByRole('button', { name: new RegExp(name) });
  await cell.focus();
  await window.keyboard.press('Enter');
  await expect(window).toHaveURL(/#library$/);
  await expect(window.getByText(new RegExp(`^${films} of 120 films`))).toBeVisible();
});

test('opens the most wrong films in Read, the worst first', async ({ window, osteon }) => {
  const core = coreOf(osteon);
  await turnLabels(core);
  const run = await trainedRun(core, { epochs: 1 });
  const answers = await core.runs.answers({ run: run.id });
  const doubt = ({ label, probability }: (typeof answers)[number]) =>
    label === 'fracture' ? probability : 1 - probability;
  const wrong = answers.filter(({ label, answer }) => label !== answer).sort((a, b) => doubt(a) - doubt(b));
  expect(wrong.length, 'labels that were turned round must be answered wrongly by someone').toBeGreaterThan(0);
  await goTo(window, 'Results');
  const strip = window.getByRole('button', { name: /Open in Read$/ });
  await expect(strip).toHaveCount(Math.min(10, wrong.length));
  await expect(strip.first()).toHaveAccessibleName(
    new RegExp(`^${wrong[0]!.file}, label .* said .*${wrong[0]!.probability.toFixed(2)}`),
  );
  await strip.first().click();
  await expect(window).toHaveURL(/#read$/);
  await expect(window.getByText(`Film 1 of ${wrong.length}`)).toBeVisible();
});

test('saves figures as PNG, SVG and CSV with the very numbers', async ({ window, osteon }) => {
  const core = coreOf(osteon);
  await turnLabels(core);
  const run = await trainedRun(core);
  await goTo(window, 'Results');
  await expect(headline(window)).toContainText('answered rightly');

  const svg = await exported(window, 'SVG', 'ROC');
  expect(svg.name).toBe('run-1-roc.svg');
  expect(XMLValidator.validate(svg.content.toString())).toBe(true);
  expect(svg.content.toString()).toContain(`AUC ${run.test!.auc.toFixed(2)}`);
  const white = await exported(window, 'SVG', 'All figures in one', 1);
  expect(white.content.toString()).toMatch(/<rect [^>]*fill="#ffffff"/);

  const png = await exported(window, 'PNG', 'ROC');
  expect(png.content.subarray(1, 4).toString()).toBe('PNG');
  const width = Number(/ width="(\d+)"/.exec(svg.content.toString())![1]);
  expect(png.content.readUInt32BE(16)).toBe(2 * width);

  const figures: string[][] = parse((await exported(window, 'CSV', 'All figures with intervals')).content, {
    from_line: 2,
  });
  expect(Number(figures.find((row) => row[2] === 'accuracy')![3])).toBe(run.test!.accuracy);
  expect(Number(figures.find((row) => row[2] === 'AUC')![3])).toBe(run.test!.auc);
  const answers: string[][] = parse((await exported(window, 'CSV', 'Answers film by film')).content, { from_line: 2 });
  const known = await core.runs.answers({ run: 1 });
  expect(answers.map((row) => Number(row[6]))).toEqual(known.map(({ probability }) => probability));
  const curve: string[][] = parse((await exported(window, 'CSV', 'Share of right answers')).content, { from_line: 2 });
  expect(curve.map((row) => Number(row[4]))).toEqual(run.curve.map(({ valAccuracy }) => valAccuracy));
});

test('writes a run as a folder with a notebook, where it is told to', async ({ window, osteon }) => {
  const core = coreOf(osteon);
  await trainedRun(core, { judge: false });
  await goTo(window, 'Results');
  const write = async () => {
    await window.getByRole('button', { name: 'Export as notebook' }).click();
    await window.getByLabel('Folder', { exact: true }).fill(osteon.home);
    await window.getByRole('button', { name: 'Put it in this folder' }).click();
  };
  await write();
  const folder = join(osteon.home, 'osteon-run-1');
  await expect(
    window.getByText(`Notebook, figures and model are in ${folder}; the judging films stay sealed.`),
  ).toBeVisible();
  await expectAccessible(window);
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(['README.txt', 'model', 'run.ipynb', 'run.json']));
  await write();
  await expect(window.getByText(`${folder} is not empty`)).toBeVisible();
});

test('keeps the judging films sealed until they are opened, and counts each opening', async ({ window, osteon }) => {
  const core = coreOf(osteon);
  await turnLabels(core);
  await trainedRun(core, { judge: false });
  await goTo(window, 'Results');
  await expect(headline(window)).toHaveText('The judging films are sealed for run 1');
  await expect(window.getByText('never opened so far')).toBeVisible();
  await expectAccessible(window);
  expect((await core.runs.get({ run: 1 })).openings).toBe(0);
  await window.getByRole('button', { name: 'Open the judging films' }).press('Enter');
  await expect(headline(window)).toContainText('of the judging films answered rightly');
  await expect(window.getByText('Judging films opened once')).toBeVisible();
  expect((await core.runs.get({ run: 1 })).openings).toBe(1);
});

test('of several runs shows the one that is chosen; one that failed says why', async ({ window, osteon }) => {
  const core = coreOf(osteon);
  await turnLabels(core);
  await trainedRun(core);
  const { run } = await core.runs.start({ settings: { optimizer: 'sgd', learningRate: 10, epochs: 2, judge: false } });
  await expect.poll(async () => (await core.runs.get({ run })).error?.code).toBe('LOSS_NOT_FINITE');
  await goTo(window, 'Results');
  await expect(headline(window)).toContainText('answered rightly');
  await window.getByLabel(/^Run: Run 1/).click();
  await window.getByRole('option', { name: /^Run 2: / }).click();
  await expect(headline(window)).toHaveText(/^(Run 2 has no model|The judging films are sealed for run 2)$/);
  await expect(window.getByText('Lower the learning rate and train again.')).toBeVisible();
});

test.describe('on the demo set', () => {
  test.use({ films: 0 });

  test('never lets drawn films pass for X-rays of people', async ({ window, osteon }) => {
    const core = coreOf(osteon);
    const { job } = await core.imports.demo({ images: 60 });
    for await (const { state } of await core.jobs.follow({ job })) expect(state).not.toBe('failed');
    const run = await trainedRun(core, { epochs: 2 });
    expect([run.synthetic, run.test?.n]).toEqual([true, run.parts.find(({ part }) => part === 'judge')?.films]);
    await goTo(window, 'Train');
    await expect(window.getByText('All 60 films are synthetic: drawn by Osteon, not X-rays of people')).toBeVisible();
    await goTo(window, 'Results');
    await expect(window.getByText('synthetic films', { exact: true })).toBeVisible();
    await expect(window.getByText(/this says nothing about X-rays of people/)).toBeVisible();
    const svg = (await exported(window, 'SVG', 'All figures in one')).content.toString();
    expect(svg).toContain('synthetic films');
    await expectAccessible(window);
  });
});
