// The page Train in a browser, on a real server that really trains.
import { expect, expectAccessible, test } from './serve.ts';
import type { Page } from '@playwright/test';
import { coreOf, goTo, trainedRun } from './train-films.ts';

const headline = (page: Page) => page.getByRole('heading', { level: 1 });

async function settle(page: Page, name: string, value: string): Promise<void> {
  const field = page.getByRole('textbox', { name, exact: true });
  await field.fill(value);
  await field.press('Enter');
}

test.use({ films: 120 });

test.describe('with few films', () => {
  test.use({ films: 8 });

  test('says what is missing before it can train, and leads there', async ({ window, osteon }) => {
    const core = coreOf(osteon);
    await goTo(window, 'Train');
    await expect(headline(window)).toHaveText('8 labelled films of 4 patients are not enough yet');
    const button = window.getByRole('button', { name: 'Train', exact: true });
    await expect(button).toBeDisabled();
    await expect(button).toHaveAccessibleDescription(/at least \d+ labelled films of each class/);
    await window.keyboard.press('Control+Enter');
    expect(await core.runs.list()).toEqual([]);
    await expectAccessible(window);
    await window.getByRole('button', { name: 'Read films' }).click();
    await expect(window).toHaveURL(/#read$/);
  });
});

test.describe('with few films, on WebAssembly and with films of two sources', () => {
  test.use({ films: 30 });

  test('says once what WebAssembly costs, and which source takes no part', async ({ window, osteon }) => {
    const core = coreOf(osteon);
    const { training } = await core.settings.get();
    await core.settings.set({ training: { ...training, engine: 'wasm' } });
    const { job } = await core.imports.demo({ images: 20, seed: 1 });
    for await (const now of await core.jobs.follow({ job })) if (now.state === 'failed') throw new Error(now.title);
    await window.reload();
    await goTo(window, 'Train');
    const cost = window.getByText(/WebAssembly is chosen as the engine: .* slower than the native library/);
    await expect(cost).toBeVisible();
    await expectAccessible(window);
    await window.getByRole('button', { name: 'Put away' }).click();
    await expect(cost).toBeHidden();

    await expect(headline(window)).toHaveText(/^50 labelled films/);
    const demo = window.getByRole('radiogroup', { name: 'Films of Demo set' });
    await demo.getByRole('radio', { name: 'Left out' }).click();
    await expect(headline(window)).toHaveText(/^30 labelled films/);
    await expect(window.getByText('Films of Demo set are left out.')).toBeVisible();
    await demo.getByRole('radio', { name: 'Only to learn from' }).click();
    await expect(window.getByText('Films of Demo set are only learned from.')).toBeVisible();
    await expect(headline(window)).toHaveText(/^50 labelled films/);
    await window.reload();
    await expect(window.getByText('Films of Demo set are only learned from.')).toBeVisible();
    await expect(cost).toBeHidden();
    await expectAccessible(window);
  });
});

test('trains by one key and keeps the run with its figures', async ({ window, osteon }) => {
  const core = coreOf(osteon);
  await goTo(window, 'Train');
  await expect(headline(window)).toHaveText('120 labelled films of 60 patients are ready');
  await expect(window.getByText('No patient stands in two parts')).toBeVisible();
  await expect(window.getByRole('list', { name: 'Parts of the split' })).toContainText('sealed');
  await expect(window.getByText('92,737 weights')).toBeVisible();
  await expectAccessible(window);

  await settle(window, 'Epochs', '5');
  await expect(window.getByText('28 × 28 pixels, 5 epochs')).toBeVisible();
  await expect.poll(async () => (await core.settings.get()).training.epochs).toBe(5);
  await window.keyboard.press('Control+Enter');
  await expect(headline(window)).toHaveText(/^Run 1 is done: .*epoch \d+ is kept$/, { timeout: 60_000 });

  const run = await core.runs.get({ run: 1 });
  expect(run.curve).toHaveLength(5);
  const epochs = window.getByRole('table', { name: 'Epochs of run 1' }).first();
  await expect(epochs.locator('tbody tr')).toHaveCount(5);
  const row = window.getByRole('row').filter({ has: window.getByRole('checkbox', { name: 'Curves of run 1' }) });
  await expect(row).toContainText(`${(run.test!.accuracy * 100).toFixed(1)} %`);
  await expectAccessible(window);
  await window.getByRole('button', { name: 'Results', exact: true }).click();
  await expect(headline(window)).toHaveText(/of the judging films answered rightly$/);
});

test('is found again after a reload, stops when asked, keeps the best epoch and the seal', async ({
  window,
  osteon,
}) => {
  const core = coreOf(osteon);
  await goTo(window, 'Train');
  await expect(headline(window)).toContainText('are ready');
  await settle(window, 'Epochs', '1000');
  // At this size they take minutes: it has not ended by itself before it is stopped.
  await window.getByRole('radio', { name: '128' }).click();
  await window.getByRole('switch', { name: 'open the judging films' }).click();
  await window.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(headline(window)).toHaveText(/^Run 1 is learning: epoch \d+ of 1,000$/);
  await expectAccessible(window);

  await goTo(window, 'Library');
  await goTo(window, 'Train');
  await expect(headline(window)).toHaveText(/^Run 1 is learning/);
  const before = (await core.runs.get({ run: 1 })).epochs;
  await window.reload();
  await expect(headline(window)).toHaveText(/^Run 1 is learning/);
  // The whole curve is there again, from its first epoch on.
  const epochs = window.getByRole('table', { name: 'Epochs of run 1' }).first().locator('tbody tr');
  await expect.poll(async () => epochs.count()).toBeGreaterThanOrEqual(before);
  await expect(epochs.first().locator('td').first()).toHaveText('1');

  await window.getByRole('button', { name: /^Stop, keep epoch \d+$/ }).click();
  await expect(headline(window)).toHaveText(/^Run 1 was stopped after \d+ epochs?: epoch \d+ is kept$/);
  const run = await core.runs.get({ run: 1 });
  expect(run.state).toBe('stopped');
  expect(run.best).not.toBeNull();
  expect([run.test, run.openings]).toEqual([null, 0]);
  await expect(window.getByText('The judging films are still sealed.')).toBeVisible();

  // It goes on where it was, from its table too.
  await window.getByRole('button', { name: 'Go on', exact: true }).click();
  await expect(headline(window)).toHaveText(/^Run 1 is learning/);
  await expect(epochs.first().locator('td').first()).toHaveText('1');
  await window.getByRole('button', { name: /^Stop, keep epoch \d+$/ }).click();
  await expect(headline(window)).toHaveText(/^Run 1 was stopped/);
  expect((await core.runs.get({ run: 1 })).record.resumes).toEqual([{ epoch: run.epochs, damaged: 0 }]);
  await window.getByRole('button', { name: 'To the next training' }).click();
  await window.getByRole('button', { name: 'Go on with run 1' }).click();
  await expect(headline(window)).toHaveText(/^Run 1 is learning/);
  await expectAccessible(window);
  await window.getByRole('button', { name: /^Stop, keep epoch \d+$/ }).click();
  await expect(headline(window)).toHaveText(/^Run 1 was stopped/);
});

test('lays the curves of earlier runs over each other', async ({ window, osteon }) => {
  const core = coreOf(osteon);
  await trainedRun(core, { epochs: 2 });
  await trainedRun(core, { epochs: 3, seed: 2 });
  await goTo(window, 'Train');
  await window.getByRole('checkbox', { name: 'Curves of run 2' }).click();
  await window.getByRole('checkbox', { name: 'Curves of run 1' }).press('Space');
  const figure = window.getByRole('img', {
    name: /^Share of right answers of run 2, epoch 1 to 3; .*laid over run 1\.$/,
  });
  await expect(figure).toBeInViewport();
  await expectAccessible(window);
});

test('a training that fails says why and what to do, and everything goes on', async ({ window }) => {
  await goTo(window, 'Train');
  await expect(headline(window)).toContainText('are ready');
  await window.getByRole('combobox', { name: /^Optimiser/ }).click();
  await window.getByRole('option', { name: 'Gradient descent' }).click();
  await settle(window, 'Learning rate', '10');
  await window.keyboard.press('Control+Enter');
  await expect(headline(window)).toHaveText(/^Run 1 (failed|broke off)/);
  await expect(window.getByText('Lower the learning rate and train again.').first()).toBeVisible();
  await expectAccessible(window);
  await window.getByRole('button', { name: 'To the next training' }).click();
  await window.getByRole('button', { name: 'As the preset has them' }).click();
  await settle(window, 'Epochs', '2');
  await window.keyboard.press('Control+Enter');
  await expect(headline(window)).toHaveText(/^Run 2 is done/, { timeout: 60_000 });
});

test('takes no setting that cannot be trained with', async ({ window, osteon }) => {
  const core = coreOf(osteon);
  await goTo(window, 'Train');
  await expect(headline(window)).toContainText('are ready');
  const field = window.getByRole('textbox', { name: 'Learning rate' });
  await field.fill('0');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveAccessibleDescription('above 0, up to 10');
  await expect(window.getByRole('button', { name: 'Train', exact: true })).toBeDisabled();
  await field.press('Escape');
  await expect(window.getByRole('button', { name: 'Train', exact: true })).toBeEnabled();
  await expect(field).toHaveValue('0.001');
  await window.getByLabel('Activation: ReLU, max(0, x)').click();
  await window.getByRole('option', { name: /Hyperbolic tangent/ }).click();
  await settle(window, 'Slope a of the activation', '2');
  await expect.poll(async () => (await core.settings.get()).training).toMatchObject({ activation: 'tanh', slope: 2 });
  await expect(window.getByText('paper preset, 2 changed')).toBeVisible();
  await window.reload();
  await expect(window.getByRole('textbox', { name: 'Slope a of the activation' })).toHaveValue('2');
});

test('offers every network with where it comes from and what it takes, and trains it', async ({ window, osteon }) => {
  const core = coreOf(osteon);
  const cards = await core.runs.presets();
  await goTo(window, 'Train');
  await expect(headline(window)).toContainText('are ready');
  const choose = async (from: string, to: string) => {
    await window.getByLabel(`Network: ${from}`).click();
    await window.getByRole('option', { name: to, exact: true }).click();
  };
  await window.getByLabel('Network: Paper preset').click();
  await expect(window.getByRole('option')).toHaveText(cards.map(({ title }) => title));
  await window.keyboard.press('Escape');

  await choose('Paper preset', 'Osteon');
  const card = cards.find(({ name }) => name === 'osteon')!;
  await expect(window.getByText(card.sentence)).toBeVisible();
  await expect(window.getByText(card.adapted)).toBeVisible();
  await expect(window.getByText(/million multiplications and .* a film$/)).toBeVisible();
  await expect(window.getByText('osteon, nothing changed')).toBeVisible();
  await expect(window.getByText(`Osteon: 128 × 128 pixels, ${card.learning.epochs} epochs`)).toBeVisible();
  await expect(window.getByRole('table', { name: 'Layers of the network' })).toContainText('Channels weighed');
  await expectAccessible(window);
  const wide = window.getByRole('radiogroup', { name: /^Width/ }).getByRole('radio', { name: '8', exact: true });
  await wide.click();
  await expect.poll(async () => (await core.settings.get()).training.width).toBe(8);

  await choose('Osteon', 'Single layer');
  await expect(window.getByText('785 weights')).toBeVisible();
  await expect(window.getByRole('radiogroup', { name: 'Kernel' })).toHaveCount(0);
  expect((await core.settings.get()).training).toMatchObject({
    preset: 'single',
    size: 28,
    width: null,
    mirror: false,
  });
  await settle(window, 'Epochs', '2');
  await window.keyboard.press('Control+Enter');
  await expect(headline(window)).toHaveText(/^Run 1 is done/, { timeout: 60_000 });
  expect((await core.runs.get({ run: 1 })).title).toBe('Single layer, 28 × 28');
});
