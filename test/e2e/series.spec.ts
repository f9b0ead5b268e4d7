// A series in a browser: trained on the demo set over two seeds, looked at, and classified with as one model.
import { expect, expectAccessible, test } from './serve.ts';
import { coreOf, goTo } from './train-films.ts';

test('several runs are trained one after the other, end with mean and spread, and answer together', async ({
  window,
  osteon,
}) => {
  const core = coreOf(osteon);
  const { job } = await core.imports.demo({ images: 80, seed: 1 });
  for await (const now of await core.jobs.follow({ job })) if (now.state === 'failed') throw new Error(now.title);
  const { training } = await core.settings.get();
  await core.settings.set({ training: { ...training, epochs: 2 }, several: { kind: 'seeds', count: 2 } });
  await window.reload();
  await goTo(window, 'Train');
  await expect(window.getByText('2 epochs, 2 times')).toBeVisible();
  const runs = window.getByRole('radiogroup', { name: 'Runs' });
  await runs.getByRole('radio', { name: '3 seeds' }).click();
  await expect(window.getByText('2 epochs, 3 times')).toBeVisible();
  await expect(window.getByText('The 3 runs differ by their seed')).toBeVisible();
  await runs.getByRole('radio', { name: '5 folds' }).click();
  await expect(window.getByText('Each of the 5 folds is chosen by once')).toBeVisible();
  await expectAccessible(window);
  await core.settings.set({ several: { kind: 'seeds', count: 2 } });
  await window.reload();
  await expect(window.getByText('2 epochs, 2 times')).toBeVisible();

  await window.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(window.getByText(/^Run [12] of 2 of series 1\./)).toBeVisible({ timeout: 60_000 });
  const headline = window.getByRole('heading', { level: 1 });
  await expect(headline).toHaveText('Series 1 is done: 2 seeds', { timeout: 120_000 });
  await expect(
    window.getByText(/^2 runs, mean ± standard deviation: .* of the judging films right/).first(),
  ).toBeVisible();
  await expect(window.getByRole('img', { name: /of run 2.*laid over run 1/ }).first()).toBeVisible();
  const table = window.getByRole('table', { name: /^Runs/ });
  await expect(table.getByText('Series 1: 2 seeds')).toBeVisible();
  await expect(table.getByText('seed 2')).toBeVisible();
  await expectAccessible(window);

  await window.getByRole('button', { name: 'Results', exact: true }).click();
  const series = window.getByRole('table', { name: /^Series 1/ });
  const together = series.getByRole('row', { name: /^Together/ });
  const done = await core.series.get({ series: 1 });
  await expect(together).toContainText(`${(done.ensemble!.test!.accuracy * 100).toFixed(1)} %`);
  await expect(series.getByRole('row', { name: /^Mean/ })).toContainText('±');
  expect(done.openings).toBe(3);
  await expectAccessible(window);

  await goTo(window, 'Library');
  await window.getByRole('listbox', { name: 'Films', exact: true }).getByRole('option').first().click();
  await window.getByRole('button', { name: 'Classify', exact: true }).first().click();
  await expect(window.getByText('2 networks answer together, the runs 1, 2')).toBeVisible({ timeout: 60_000 });
  await expect(window.getByRole('heading', { name: 'Where they looked, the mean' })).toBeVisible();
  await expectAccessible(window);
  // Its members can be asked alone.
  await window.getByRole('combobox', { name: /^Model/ }).click();
  await window.getByRole('option', { name: /^Run 2/ }).click();
  await expect(window.getByText('networks answer together')).toHaveCount(0);
  await expect(window.getByRole('heading', { name: 'Where it looked' })).toBeVisible();
});
