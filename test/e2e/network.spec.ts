// The page Network in a browser, on a real server with a really trained run.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './serve.ts';
import { coreOf, goTo, trainedRun } from './train-films.ts';

test.use({ films: 60 });

const maps = (page: Page) => page.getByRole('listbox', { name: /^(Maps|Units) of / });
const unit = (page: Page) => page.getByRole('region', { name: 'One unit' });
const layer = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(`, ${name}$`) });

async function accessibleInBothThemes(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
}

test('shows the layers of a network that has not learned, and leads to Train', async ({ window }) => {
  await window.keyboard.press('Control+k');
  await window.keyboard.type('Network');
  await window.getByRole('option', { name: 'Network', exact: true }).click();
  await expect(window).toHaveURL(/#network$/);
  await expect(window.getByRole('heading', { level: 1 })).toHaveText('92,737 parameters in 14 layers');
  await expect(window.getByRole('heading', { name: 'No network has learned in this library yet' })).toBeVisible();
  await expect(
    window.getByRole('row', { name: /^Convolution 3 × 3, 32 4 26 × 26 × 32 float32 320 86,528/ }),
  ).toBeVisible();
  await expect(window.getByRole('img', { name: /^ReLU, max\(0, x\), with its derivative/ })).toBeVisible();
  await accessibleInBothThemes(window);
  await window.getByLabel(/^Network: /).click();
  await window.getByRole('option', { name: /^Osteon, 128/ }).click();
  await expect(window.getByRole('heading', { level: 1 })).toContainText('320,253 parameters in ');
  await window.getByRole('button', { name: 'To Train' }).click();
  await expect(window).toHaveURL(/#train$/);
});

test('opens the maps of a film layer by layer, and the sum behind one unit, by mouse and by keyboard', async ({
  window,
  osteon,
}) => {
  const core = coreOf(osteon);
  const { id: run } = await trainedRun(core, { epochs: 2 });
  await goTo(window, 'Results');
  await window.getByRole('button', { name: 'Inside the network' }).click();
  await expect(window).toHaveURL(/#network$/);
  await expect(maps(window).getByRole('option')).toHaveCount(32);
  const said = await core.networks.maps({ run, xray: 1, layer: 1 });
  const digits = (value: number) => value.toPrecision(2).replace('-', '−');
  const [least, greatest] = said.ranges[4]!;
  const tile = maps(window).getByRole('option').nth(4);
  await expect(tile).toContainText(`${digits(least)} to ${digits(greatest)}`);
  // What is drawn is the map: its brightest cell is white.
  await tile.click({ position: { x: 40, y: 40 } });
  await expect(unit(window).getByRole('status')).toHaveText(/^channel 4, row \d+, column \d+$/);
  const brightest = await tile.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return [canvas.width, Math.max(...data.filter((_, at) => at % 4 === 0))];
  });
  expect(brightest).toEqual([26, 255]);

  const place = (await unit(window).getByRole('status').textContent())!.match(/\d+/g)!.map(Number);
  const asked = { run, xray: 1, layer: 1, channel: place[0]!, row: place[1]!, column: place[2]! };
  const known = await core.networks.unit(asked);
  const sum = known.steps.find(({ name }) => name === 'sum of all products')!.value;
  const written = (value: number) => (value === 0 ? '0' : value.toPrecision(3).replace('-', '−'));
  await expect(unit(window).getByRole('definition').first()).toHaveText(written(sum));
  await expect(unit(window).getByRole('table', { name: 'weights' }).getByRole('cell')).toHaveCount(9);
  await accessibleInBothThemes(window);

  // The cell beside it, then the next map, then the next layer: arrow keys alone.
  await unit(window).getByRole('application').focus();
  await window.keyboard.press('ArrowRight');
  await expect(unit(window).getByRole('status')).toHaveText(`channel 4, row ${place[1]!}, column ${place[2]! + 1}`);
  await tile.focus();
  await window.keyboard.press('ArrowRight');
  await expect(maps(window).getByRole('option').nth(5)).toBeFocused();
  await expect(unit(window).getByRole('status')).toContainText('channel 5');
  await layer(window, 'conv1').focus();
  await window.keyboard.press('ArrowDown');
  await expect(layer(window, 'conv1_activation')).toBeFocused();
  await expect(maps(window)).toHaveAccessibleName('Maps of conv1_activation');
  await layer(window, 'dense').click();
  await expect(maps(window)).toHaveAccessibleName('Units of dense');
  await expect(maps(window).getByRole('option')).toHaveCount(64);
  await expect(
    unit(window).getByRole('row', { name: /^channel \d+, row \d+, column \d+ of conv3_activation/ }),
  ).toHaveCount(16);
  await expectAccessible(window);

  await window.keyboard.press('f');
  await expect(window.getByRole('region', { name: 'Film', exact: true })).toContainText('film 2 of 60');
  await layer(window, 'probability').click();
  const last = await core.networks.maps({ run, xray: 2, layer: 13 });
  await expect(maps(window).getByRole('option')).toHaveAccessibleName(`unit 0: ${written(last.values![0]!)}`);
  await window.getByRole('button', { name: 'Classify this film' }).click();
  await expect(window.getByRole('complementary', { name: 'Answer' })).toContainText('threshold', { ignoreCase: true });
  await window.getByRole('button', { name: 'Inside the network' }).click();
  await expect(window.getByRole('region', { name: 'Film', exact: true })).toContainText('film 2 of 60');
});

test('computes the loss around the trained weights on checking films, as a job, and marks the trained network', async ({
  window,
  osteon,
}) => {
  const core = coreOf(osteon);
  const { id: run, parts } = await trainedRun(core, { epochs: 2, judge: false });
  const checking = parts.find(({ part }) => part === 'choose')!.films;
  await window.evaluate(() => (location.hash = 'network'));
  await window.getByRole('button', { name: 'Compute it' }).click();
  const figure = window.getByRole('img', { name: new RegExp(`^Loss on ${checking} checking films`) });
  await expect(figure).toBeVisible({ timeout: 60_000 });
  const slice = (await core.networks.sliced({ run }))!;
  expect([slice.loss.length, slice.directions]).toEqual([11, 2]);
  await accessibleInBothThemes(window);
  await figure.hover({ position: { x: 180, y: 140 } });
  await expect(window.getByText(/^Here, .* and .*: loss /)).toBeVisible();

  await window.getByRole('button', { name: /^Save the figure: Loss/ }).click();
  const coming = window.waitForEvent('download');
  await window.getByRole('menuitem', { name: 'CSV, the numbers' }).click();
  const rows: string[][] = parse(readFileSync(await (await coming).path()), { from_line: 2 });
  expect(rows.map((row) => Number(row[2]))).toEqual(slice.loss.flat());

  await window.getByRole('radio', { name: 'One direction' }).click();
  await window.getByRole('button', { name: 'Compute along others' }).click();
  await expect(window.getByText(/of 11 points/)).toBeVisible({ timeout: 60_000 });
  expect((await core.jobs.list()).map(({ kind }) => kind).filter((kind) => kind === 'slice')).toHaveLength(2);
  expect((await core.runs.get({ run })).openings).toBe(0);
});

test('a slice under way can be cancelled on the page', async ({ window, osteon }) => {
  const core = coreOf(osteon);
  const { id: run } = await trainedRun(core, { epochs: 1, judge: false });
  await window.evaluate(() => (location.hash = 'network'));
  await expect(window.getByRole('button', { name: 'Compute it' })).toBeVisible();
  await core.networks.slice({ run, points: 41 });
  const loss = window.getByRole('region', { name: 'Loss around the trained weights' });
  await expect(loss.getByRole('progressbar')).toBeVisible();
  await loss.getByRole('button', { name: 'Cancel' }).click();
  await expect(loss.getByRole('button', { name: 'Compute it' })).toBeVisible();
  expect((await core.jobs.list()).find(({ kind }) => kind === 'slice')?.state).toBe('cancelled');
});

test('takes in a model that was trained elsewhere, or says what is wrong with its files', async ({
  window,
  osteon,
}) => {
  const core = coreOf(osteon);
  const { id: run } = await trainedRun(core, { epochs: 1, judge: false });
  const file = (name: string) => join(osteon.library, 'models', String(run), name);
  await window.keyboard.press('Control+k');
  await window.keyboard.type('Import a model');
  await window.getByRole('option', { name: 'Import a model' }).click();
  const sheet = window.getByRole('dialog', { name: 'Import a model' });
  await expect(sheet.getByRole('button', { name: 'Import the model' })).toBeDisabled();
  const files = sheet.getByLabel('Files of the model');
  await files.setInputFiles([file('weights.bin')]);
  await sheet.getByRole('button', { name: 'Import the model' }).click();
  await expect(sheet.getByText('no model.json is among the files')).toBeVisible();
  await accessibleInBothThemes(window);
  await files.setInputFiles([file('model.json'), file('weights.bin')]);
  await expect(sheet.getByText('model.json, weights.bin')).toBeVisible();
  await sheet.getByRole('radio', { name: '0 to 255' }).click();
  await sheet.getByRole('button', { name: 'Import the model' }).click();
  await expect(sheet).toHaveCount(0, { timeout: 60_000 });
  await expect(window).toHaveURL(/#network$/);
  await expect(window.getByRole('combobox', { name: /^Network/ })).toContainText('Imported network');
  expect((await core.runs.list())[0]).toMatchObject({ id: run + 1, imported: 'model.json' });
  await window.getByRole('button', { name: 'Import a model' }).click();
  await expect(sheet).toBeVisible();
});
