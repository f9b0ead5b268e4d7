// The frame of the window: pages, palette, keys, theme, readers, libraries, and what it says when the core is gone.
import { expect, expectAccessible, filmsIn, test } from './serve.ts';

test.use({ films: 12 });

test('every page opens by its word, by its key and again after a reload', async ({ window }) => {
  const pages = ['Library', 'Read', 'Train', 'Results', 'Classify', 'Settings'];
  const rail = window.getByRole('navigation', { name: 'Pages' });
  for (const name of pages) {
    await rail.getByRole('link', { name }).click();
    await expect(rail.getByRole('link', { name })).toHaveAttribute('aria-current', 'page');
  }
  for (const [at, name] of pages.entries()) {
    await window.keyboard.press(`Alt+${at + 1}`);
    await expect(rail.getByRole('link', { name })).toHaveAttribute('aria-current', 'page');
  }
  await window.reload();
  await expect(rail.getByRole('link', { name: 'Settings' })).toHaveAttribute('aria-current', 'page');
  await expect(window).toHaveTitle('My films - Osteon');
});

test('the palette finds commands and films, and runs them by keyboard', async ({ window }) => {
  await window.keyboard.press('Control+k');
  const search = window.getByRole('combobox', { name: 'Search films or run a command' });
  await expect(search).toBeFocused();
  await search.fill('sett');
  await expect(window.getByRole('option', { name: /^Settings/ })).toHaveAttribute('aria-selected', 'true');
  await window.keyboard.press('Enter');
  await expect(window.getByRole('heading', { name: 'Library and backups' })).toBeVisible();

  await window.keyboard.press('Control+k');
  await search.fill('film-007');
  const film = window.getByRole('option', { name: /film-007\.png/ });
  await expect(film).toBeVisible();
  await window.keyboard.press('Escape');
  await expect(search).toBeHidden();
});

test('only films are searched after Tab', async ({ window }) => {
  await window.keyboard.press('Control+k');
  await window.keyboard.press('Tab');
  const search = window.getByRole('combobox', { name: 'Search films' });
  await search.fill('case');
  await expect(window.getByText('Nothing matches.')).toBeVisible();
  await search.fill('film-00');
  await expect(window.getByRole('dialog').getByRole('option')).toHaveCount(9);
});

test('the key sheet shows the keys of this page, and closes on Escape', async ({ window }) => {
  await window.keyboard.press('Shift+?');
  const sheet = window.getByRole('dialog', { name: 'Keys in this window' });
  await expect(sheet.getByText('Move to trash')).toBeVisible();
  await expect(sheet.getByText('Undo')).toBeVisible();
  await window.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
});

test('light and dark are chosen, kept, and follow the system where that is chosen', async ({ window }) => {
  const root = window.locator('html');
  await window.emulateMedia({ colorScheme: 'dark' });
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await window.emulateMedia({ colorScheme: 'light' });
  await expect(root).toHaveAttribute('data-theme', 'light');
  await window.keyboard.press('Alt+6');
  await window.getByRole('radio', { name: 'Dark' }).click();
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await window.reload();
  await expect(root).toHaveAttribute('data-theme', 'dark');
});

test('keys do nothing while something is typed', async ({ window }) => {
  await window.keyboard.press('Alt+6');
  await window.getByRole('button', { name: 'Add a reader' }).click();
  await window.getByLabel('Name or initials').pressSequentially('1 2?');
  await expect(window.getByLabel('Name or initials')).toHaveValue('1 2?');
  await expect(window.getByRole('dialog')).toHaveCount(0);
});

test('Back and Forward go from page to page, with what each was opened with', async ({ window }) => {
  const main = window.getByRole('main');
  const rail = window.getByRole('navigation', { name: 'Pages' });
  await rail.getByRole('link', { name: 'Settings' }).click();
  await rail.getByRole('link', { name: 'Library' }).click();
  await filmsIn(window).nth(3).dblclick();
  await expect(window.getByRole('application')).toHaveAccessibleName(/film-004\.png/);
  await rail.getByRole('link', { name: 'Train' }).click();
  await expect(window).toHaveURL(/#train$/);
  await window.goBack();
  await expect(window.getByRole('application')).toHaveAccessibleName(/film-004\.png/);
  await window.goBack();
  await expect(filmsIn(window).first()).toBeVisible();
  await window.goBack();
  await expect(main.getByRole('heading', { name: 'Readers' })).toBeVisible();
  await window.goForward();
  await window.goForward();
  await expect(window.getByRole('application')).toHaveAccessibleName(/film-004\.png/);
  // A page survives a reload, and Back still leads to the page before.
  await window.reload();
  await expect(window).toHaveURL(/#read$/);
  await window.goBack();
  await expect(filmsIn(window).first()).toBeVisible();
});

test('another library is made, opened and renamed', async ({ window, osteon }) => {
  await window.getByRole('button', { name: 'My films' }).click();
  await window.getByRole('menuitem', { name: 'New library' }).click();
  const folder = window.getByLabel('Folder', { exact: true });
  await expect(folder).not.toHaveValue('');
  // What was typed counts, also where it was not sent off by Enter.
  await folder.fill(osteon.home);
  await window.getByRole('button', { name: 'Put it in this folder' }).click();
  const name = window.getByLabel('Name of the library');
  await expect(name).toBeFocused();
  await expect(window.getByRole('dialog')).toContainText(osteon.home);
  await name.fill('Pilot');
  await name.press('Enter');
  await expect(window.getByRole('heading', { name: 'No films in this library yet' })).toBeVisible();
  await expect(window.getByText('Libraries opened before')).toBeVisible();

  await window.getByRole('button', { name: 'Pilot' }).click();
  await window.getByRole('menuitem', { name: 'Rename this library' }).click();
  await name.fill('Pilot 2026');
  await name.press('Enter');
  await expect(window.getByRole('button', { name: 'Pilot 2026' })).toBeVisible();

  await window.getByRole('button', { name: /^My films/ }).click();
  await expect(window.getByRole('heading', { name: '12 films' })).toBeVisible();
});

test('the window says when Osteon does not answer, and what is safe', async ({ window, osteon }) => {
  await expect(window.getByRole('heading', { name: '12 films' })).toBeVisible();
  await osteon.stop('SIGKILL');
  await expect(window.getByRole('contentinfo', { name: 'Status' })).toContainText(
    'Osteon does not answer; trying again. What was saved is safe.',
  );
});

test('every part of the frame is accessible, in both themes', async ({ window }) => {
  for (const colorScheme of ['dark', 'light'] as const) {
    await window.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(window.locator('html')).toHaveAttribute('data-theme', colorScheme);
    await expectAccessible(window);
    await window.keyboard.press('Control+k');
    await window.getByRole('combobox', { name: 'Search films or run a command' }).fill('film');
    await expect(window.getByRole('dialog').getByRole('option').first()).toBeVisible();
    await expectAccessible(window);
    await window.keyboard.press('Escape');
    await window.keyboard.press('Shift+?');
    await expect(window.getByRole('dialog')).toBeVisible();
    await expectAccessible(window);
    await window.keyboard.press('Escape');
    await expect(window.getByRole('dialog')).toHaveCount(0);
    await window.getByRole('button', { name: 'My films' }).click();
    await expect(window.getByRole('menu')).toBeVisible();
    await expectAccessible(window);
    await window.keyboard.press('Escape');
  }
});
