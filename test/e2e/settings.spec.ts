// The Settings page: readers, backups, the check of a library, keys, appearance, and what was found on this computer.
import { appendFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './serve.ts';

test.use({ films: 12 });

const part = (window: Page, name: string) => window.getByRole('region', { name });

test.beforeEach(async ({ window }) => {
  await window.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Settings' }).click();
  await expect(part(window, 'Readers')).toBeVisible();
});

test('readers are added, renamed and chosen; each takes back only their own labels', async ({ window }) => {
  const readers = part(window, 'Readers');
  await readers.getByRole('button', { name: 'Add a reader' }).click();
  await window.getByLabel('Name or initials').fill('A.K.');
  await window.keyboard.press('Enter');
  await expect(window.getByRole('button', { name: 'Reader A.K.' })).toBeVisible();
  await window.keyboard.press('Alt+1');
  await expect(window.getByRole('complementary', { name: 'Film in focus' })).toContainText('film-001.png');
  await window.keyboard.press('3');
  await expect(window.getByText('Film 1 is uncertain')).toBeVisible();

  await window.getByRole('button', { name: 'Reader A.K.' }).click();
  await window.getByRole('menuitem', { name: /^Reader 1/ }).click();
  await expect(window.getByRole('button', { name: 'Reader 1' })).toBeVisible();
  await window.keyboard.press('Control+z');
  await expect(window.getByText('There is nothing to undo.')).toBeVisible();

  await window.keyboard.press('Alt+6');
  await expect(readers).toContainText('1 label, last today');
  await readers.getByRole('button', { name: 'Rename A.K.' }).click();
  await window.getByLabel('Name or initials').fill('Reader 1');
  await window.keyboard.press('Enter');
  await expect(readers.getByRole('alert')).toContainText('A reader Reader 1 is already there.');
});

test('a backup is made and named', async ({ window, osteon }) => {
  const library = part(window, 'Library and backups');
  await library.getByRole('button', { name: 'Back up now' }).click();
  await expect(window.getByText('Backed up and checked: 12 films, 12 decisions.')).toBeVisible();
  await expect(library).toContainText('checked and complete: 12 films, 12 decisions');
  expect(readdirSync(join(osteon.library, 'backups')).length).toBeGreaterThan(0);
});

test('the check finds a kept film that was changed, and says which', async ({ window, osteon }) => {
  const library = part(window, 'Library and backups');
  await library.getByRole('button', { name: 'Check this library' }).click();
  await expect(library).toContainText('Sound: 12 kept files and 12 decisions');

  const originals = join(osteon.library, 'originals');
  const [folder = ''] = readdirSync(originals);
  const [file = ''] = readdirSync(join(originals, folder));
  rmSync(join(originals, folder, file));
  appendFileSync(join(originals, folder, file), 'not what was imported');
  await library.getByRole('button', { name: 'Check this library' }).click();
  await expect(library).toContainText('1 finding');
  await expect(library).toContainText(/The kept file of .*film-\d+\.png is not what was imported\./);
});

test('identified originals are kept only where that is chosen', async ({ window }) => {
  const library = part(window, 'Library and backups');
  await expect(library).toContainText('take names, dates of birth and addresses out');
  await library.getByRole('switch', { name: 'Keep identified originals' }).click();
  await expect(library).toContainText('keep the files with names');
  await window.reload();
  await expect(library.getByRole('switch', { name: 'Keep identified originals' })).toBeChecked();
});

test('a key is chosen anew, refused where it is taken, and works', async ({ window }) => {
  const keys = part(window, 'Keys');
  await keys.getByRole('button', { name: /^Uncertain: change its key/ }).click();
  await window.keyboard.press('1');
  await expect(keys).toContainText('That key is fracture; press another.');
  await window.keyboard.press('u');
  await expect(keys.getByRole('listitem').filter({ hasText: 'Uncertain' })).toContainText('u');
  await window.keyboard.press('Alt+1');
  await expect(window.getByRole('complementary', { name: 'Film in focus' })).toContainText('film-001.png');
  await window.keyboard.press('u');
  await expect(window.getByText('Film 1 is uncertain')).toBeVisible();
});

test('what was found on this computer stands there with what it means, and is looked for again', async ({ window }) => {
  const engine = part(window, 'Engine');
  await expect(engine).toContainText('SQLite', { timeout: 60_000 });
  await expect(engine).toContainText('Node');
  await engine.getByRole('button', { name: 'Look again' }).click();
  await expect(engine.getByRole('button', { name: 'Look again' })).toBeEnabled({ timeout: 60_000 });
  await expect(part(window, 'About')).toContainText('Not a medical device');
});

test('the computer is measured at a click, and what was found stands there', async ({ window }) => {
  const engine = part(window, 'Engine');
  const start = engine.getByRole('button', { name: 'Measure this computer' });
  await expect(start).toBeVisible({ timeout: 60_000 });
  await start.click();
  await engine.getByRole('button', { name: 'Cancel' }).click();
  await expect(start).toBeVisible();
  await expect(engine).toContainText('not measured');
  await start.click();
  await expect(engine.getByRole('progressbar', { name: 'Measuring this computer' })).toBeVisible();
  await expect(engine).toContainText(/28 px: [1-9]\d* films\/s with .*128 px: [1-9]\d* films\/s/, { timeout: 120_000 });
});

test('the part in sight is the one that is marked', async ({ window }) => {
  await window.setViewportSize({ width: 1100, height: 700 });
  const parts = window.getByRole('navigation', { name: 'Parts of the settings' });
  const marked = parts.locator('[aria-current]');
  await expect(marked).toHaveText('Readers');
  const scrolled = window.locator('.parts');
  // The findings come later and push down what follows.
  await expect(part(window, 'Engine')).toContainText('SQLite');
  await scrolled.evaluate((all) => all.querySelector('#engine')?.scrollIntoView({ block: 'start' }));
  await expect(marked).toHaveText('Engine');
  await parts.getByRole('link', { name: 'About' }).click();
  await expect(marked).toHaveText('About');
  await scrolled.evaluate((part) => part.scrollTo(0, 0));
  await expect(marked).toHaveText('Readers');
});

test('the page is accessible in both themes, wide and narrow', async ({ window }) => {
  await expect(part(window, 'Engine')).toContainText('SQLite', { timeout: 60_000 });
  for (const colorScheme of ['dark', 'light'] as const) {
    await window.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(window.locator('html')).toHaveAttribute('data-theme', colorScheme);
    await expectAccessible(window);
  }
  await window.setViewportSize({ width: 720, height: 450 });
  await expectAccessible(window);
});
