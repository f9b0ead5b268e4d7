// The whole job without a mouse: import, label, train, read the results, classify; every step by keys alone.
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { writeFilms } from '#test/films.ts';
import { expect, test } from './serve.ts';

/** Presses Tab until the control of that name has the focus; fails where it cannot be reached. */
async function tabTo(window: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    const focused = await window.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? '';
    });
    if (focused.startsWith(name)) return;
    await window.keyboard.press('Tab');
  }
  throw new Error(`Tab never reached “${name}”`);
}

/** Runs a command by the palette. */
async function run(window: Page, command: string): Promise<void> {
  await window.keyboard.press('Control+k');
  await expect(window.getByRole('combobox', { name: 'Search films or run a command' })).toBeFocused();
  await window.keyboard.type(command);
  await expect(window.getByRole('dialog').getByRole('option').first()).toContainText(command);
  await window.keyboard.press('Enter');
}

test('from a folder of films to an answer, by keyboard alone', async ({ window, osteon }) => {
  test.setTimeout(300_000);
  const source = join(osteon.home, 'films of a clinic');
  await writeFilms(source, 80);

  // Import: the first button has the focus.
  await expect(window.getByRole('button', { name: 'Choose a folder' })).toBeFocused();
  await window.keyboard.press('Enter');
  await expect(window.getByRole('listbox', { name: /^Folders in/ })).toBeFocused();
  await window.keyboard.press('Shift+Tab');
  await window.keyboard.press('Shift+Tab');
  await expect(window.getByLabel('Folder', { exact: true })).toBeFocused();
  await window.keyboard.press('Control+a');
  await window.keyboard.type(source);
  await window.keyboard.press('Enter');
  await expect(window.getByRole('option', { name: /^films/ })).toContainText('80 films');
  await tabTo(window, 'Look through this folder');
  await window.keyboard.press('Enter');
  await expect(window.getByRole('button', { name: 'Import 80 films' })).toBeFocused();
  await window.keyboard.press('Enter');
  await expect(window.getByRole('button', { name: 'Done' })).toBeFocused();
  await window.keyboard.press('Enter');

  // Label: the grid has the focus; the key labels and goes on.
  await expect(window.getByRole('listbox', { name: 'Films', exact: true })).toBeFocused();
  const facts = window.getByRole('complementary', { name: 'Film in focus' });
  await expect(facts).toContainText('film-001.png');
  await window.keyboard.press('3');
  await expect(window.getByText('Film 1 is uncertain')).toBeVisible();
  await window.keyboard.press('Control+z');
  await expect(window.getByText('Undone: Film 1 is a fracture')).toBeVisible();

  // Train: one key starts it.
  await window.keyboard.press('Alt+3');
  await expect(window.getByRole('heading', { name: /80 labelled films/ })).toBeVisible();
  await window.keyboard.press('Control+Enter');
  await expect(window.getByRole('contentinfo', { name: 'Status' }).getByRole('progressbar')).toBeVisible();
  await expect(window.getByRole('contentinfo', { name: 'Status' }).getByRole('progressbar')).toBeHidden({
    timeout: 240_000,
  });

  // Results: a sentence with its figure.
  await window.keyboard.press('Alt+4');
  await expect(window.getByRole('heading', { name: /% of the judging films answered rightly/ })).toBeVisible();

  // Classify: the film with the focus in the library.
  await window.keyboard.press('Alt+1');
  await expect(facts).toContainText(/Run 1 says/);
  await run(window, 'Classify this film');
  await expect(window.getByText(/not a medical device/i).first()).toBeVisible();
  await expect(window.getByText(/threshold/i).first()).toBeVisible({ timeout: 60_000 });
});
