// Ways in: a folder chosen by keyboard, files dropped, the demo set; what was found, what became of it, and undo.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { drawFilm, writeFilms } from '#test/films.ts';
import { expect, expectAccessible, filmsIn, test } from './serve.ts';

const FILMS = 24;

/** Made films with a table, and beside them a copy, a film that breaks off, and a file that is none. */
async function writeSource(folder: string): Promise<void> {
  await writeFilms(folder, FILMS);
  const first = readFileSync(join(folder, 'films', 'film-001.png'));
  writeFileSync(join(folder, 'films', 'z-copy.png'), first);
  writeFileSync(join(folder, 'films', 'cut.png'), first.subarray(0, first.length / 2));
  writeFileSync(join(folder, 'films', 'notes.txt'), 'no film');
}

/** By keyboard alone: Ctrl+O, the address, Enter, and the button. */
async function chooseFolder(window: Page, folder: string): Promise<void> {
  await window.keyboard.press('Control+o');
  const address = window.getByLabel('Folder', { exact: true });
  await expect(address).not.toHaveValue('');
  await address.fill(folder);
  await address.press('Enter');
  const go = window.getByRole('button', { name: 'Look through this folder' });
  await go.focus();
  await window.keyboard.press('Enter');
}

test('a folder is looked through, imported, and undone', async ({ window, osteon }) => {
  const source = join(osteon.home, 'clinic export');
  await writeSource(source);
  await expect(window.getByRole('button', { name: 'Choose a folder' })).toBeVisible();
  await chooseFolder(window, source);

  const sheet = window.getByRole('dialog', { name: 'Import clinic export' });
  const start = sheet.getByRole('button', { name: `Import ${FILMS} films` });
  await expect(start).toBeFocused();
  await expect(sheet).toContainText('Nothing has been written yet.');
  await expect(sheet).toContainText(`${FILMS + 2} pictures found`);
  await expect(sheet).toContainText('2 left out');
  await expect(sheet).toContainText('1 other file is no picture and is left alone.');
  await expect(sheet).toContainText('12 patients');
  await expect(sheet).toContainText('patient_id becomes a pseudonym');
  await sheet.getByRole('button', { name: 'Show 1 file: breaks off early' }).click();
  await expect(sheet).toContainText('films/cut.png');
  await expectAccessible(window);
  expect((osteon.command('list') as unknown[]).length).toBe(0);

  await sheet.getByRole('combobox', { name: 'whole becomes' }).click();
  await window.getByRole('option', { name: 'Uncertain' }).click();
  await start.click();
  const summary = window.getByRole('dialog', { name: 'clinic export' });
  await expect(summary.getByText('Imported and checked.')).toBeVisible();
  await expect(summary).toContainText(`${FILMS} films imported`);
  await expect(summary.getByRole('listitem').filter({ hasText: 'Uncertain' })).toContainText('12');
  await expectAccessible(window);
  await summary.getByRole('button', { name: 'Undo this import' }).click();
  await expect(summary).toContainText(`${FILMS} films moved to the trash`);
  await summary.getByRole('button', { name: 'Show its films' }).click();
  await expect(window.getByRole('heading', { name: `${FILMS} films in the trash` })).toBeVisible();
});

test('importing again adds nothing twice, and says why', async ({ window, osteon }) => {
  const source = join(osteon.home, 'films');
  await writeFilms(source, FILMS);
  osteon.command('import', source);
  await window.reload();
  await expect(window.getByRole('heading', { name: `${FILMS} films` })).toBeVisible();
  await chooseFolder(window, source);
  const sheet = window.getByRole('dialog', { name: 'Import films' });
  await expect(sheet).toContainText('already in this library');
  await expect(sheet.getByRole('button', { name: 'Import 0 films' })).toBeDisabled();
  await expect(sheet).toContainText('Nothing is left to import');
  await window.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
});

test('a folder without films says so, in the sheet, with what to do', async ({ window, osteon }) => {
  const source = join(osteon.home, 'letters');
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, 'letter.txt'), 'Dear colleague');
  await chooseFolder(window, source);
  const sheet = window.getByRole('dialog', { name: 'Import X-rays' });
  await expect(sheet.getByRole('alert')).toContainText('No film was found in letters.');
  await expect(sheet.getByRole('button', { name: 'Choose another folder' })).toBeVisible();
});

test('the folder sheet is moved through by keyboard', async ({ window, osteon }) => {
  const source = join(osteon.home, 'one', 'two');
  await writeFilms(source, 2);
  await window.keyboard.press('Control+o');
  const address = window.getByLabel('Folder', { exact: true });
  await expect(address).not.toHaveValue('');
  await address.fill(join(osteon.home, 'one'));
  await address.press('Enter');
  const list = window.getByRole('listbox', { name: /^Folders in/ });
  await expect(list.getByRole('option', { name: 'two' })).toBeVisible();
  await list.focus();
  await window.keyboard.press('ArrowDown');
  await window.keyboard.press('Enter');
  await expect(address).toHaveValue(source);
  await expect(list.getByRole('option', { name: /^films/ })).toContainText('2 films');
  await expect(window.getByRole('button', { name: 'Look through this folder' })).toBeVisible();
  await window.keyboard.press('Backspace');
  await expect(address).toHaveValue(join(osteon.home, 'one'));
  await expect(list.getByRole('option', { name: 'two' })).toHaveAttribute('aria-selected', 'true');
  await expect(window.getByRole('button', { name: 'Look through “two”' })).toBeVisible();
  await expectAccessible(window);
  await window.keyboard.press('Escape');
  await expect(address).toBeHidden();
});

test('a folder of films alone is taken whole, and one film of it only when it was chosen', async ({
  window,
  osteon,
}) => {
  const source = join(osteon.home, 'plain');
  await writeFilms(source, 3);
  const films = join(source, 'films');
  await window.keyboard.press('Control+o');
  const address = window.getByLabel('Folder', { exact: true });
  await expect(address).not.toHaveValue('');
  await address.fill(join(osteon.home, 'not there'));
  await address.press('Enter');
  await expect(window.getByRole('alert')).toContainText('it is not there');
  await expect(window.getByRole('button', { name: 'Look through this folder' })).toBeDisabled();
  await address.fill(films);
  await address.press('Enter');
  const list = window.getByRole('listbox', { name: /^Folders in/ });
  await expect(list.getByRole('option')).toHaveCount(3);
  await expect(window.getByRole('dialog')).toContainText('3 films or tables in here');
  await window.getByRole('button', { name: 'Look through this folder' }).click();
  await expect(window.getByRole('button', { name: 'Import 3 films' })).toBeVisible();
  await window.keyboard.press('Escape');

  await window.keyboard.press('Control+o');
  await list.getByRole('option', { name: 'film-002.png' }).click();
  await window.getByRole('button', { name: 'Look through “film-002.png”' }).click();
  await expect(window.getByRole('button', { name: 'Import 1 film' })).toBeVisible();
});

test('dropped files are sent, looked through and imported', async ({ window }) => {
  await expect(window.getByRole('button', { name: 'Choose a folder' })).toBeVisible();
  const film = (await drawFilm(7, true)).toString('base64');
  const dropped = await window.evaluateHandle((base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], 'wrist.png', { type: 'image/png' }));
    transfer.items.add(new File([bytes.slice(0, 400)], 'cut.png', { type: 'image/png' }));
    return transfer;
  }, film);
  await window.dispatchEvent('body', 'dragenter', { dataTransfer: dropped });
  await expect(window.getByText('Let go to look at 2 files or folders')).toBeVisible();
  await window.dispatchEvent('body', 'drop', { dataTransfer: dropped });
  await window.getByRole('button', { name: 'Import 1 film' }).click();
  await window.getByRole('button', { name: 'Done' }).click();
  await expect(window.getByRole('heading', { name: '1 film', exact: true })).toBeVisible();
  await expect(window.getByRole('complementary', { name: 'Film in focus' })).toContainText('wrist.png');
});

test('a folder dropped is walked through, its classes and all', async ({ window, osteon, context }) => {
  const folder = join(osteon.home, 'wrists');
  for (const [index, name] of ['fracture', 'whole'].entries()) {
    mkdirSync(join(folder, name), { recursive: true });
    for (const film of [1, 2]) {
      writeFileSync(join(folder, name, `${film}.png`), await drawFilm(10 * index + film, index === 0));
    }
  }
  await expect(window.getByRole('button', { name: 'Choose a folder' })).toBeVisible();
  // Only the browser itself can drop a folder; a page's own events carry files.
  const browser = await context.newCDPSession(window);
  const drag = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    browser.send('Input.dispatchDragEvent', {
      type,
      x: 600,
      y: 400,
      data: { items: [], files: [folder], dragOperationsMask: 1 },
    });
  await drag('dragEnter');
  await drag('dragOver');
  await expect(window.getByText('Let go to look at')).toBeVisible();
  await drag('drop');
  await window.getByRole('button', { name: 'Import 4 films' }).click();
  await window.getByRole('button', { name: 'Done' }).click();
  await expect(window.getByRole('heading', { name: '4 films', exact: true })).toBeVisible();
  const kept = osteon.command('list') as { file: string; label: string }[];
  expect(kept.map(({ file, label }) => `${file} ${label}`).sort()).toEqual([
    expect.stringContaining('fracture/1.png fracture'),
    expect.stringContaining('fracture/2.png fracture'),
    expect.stringContaining('whole/1.png whole'),
    expect.stringContaining('whole/2.png whole'),
  ]);
});

test('patients are counted as those that are known, where a film names none', async ({ window, osteon }) => {
  const source = join(osteon.home, 'films');
  await writeFilms(source, FILMS);
  osteon.command('import', source);
  const plain = join(osteon.home, 'plain');
  mkdirSync(plain);
  writeFileSync(join(plain, 'wrist.png'), await drawFilm(900, false));
  osteon.command('import', plain);
  await window.reload();
  await expect(window.getByText(`${FILMS + 1} films, 12 patients known`)).toBeVisible();
});

test('the demo set is drawn, marked synthetic wherever it shows, and undone under Settings', async ({ window }) => {
  await window.getByRole('button', { name: 'Make the demo set' }).click();
  const sheet = window.getByRole('dialog', { name: 'Make the demo set' });
  await sheet.getByLabel('Films', { exact: true }).fill('20');
  await sheet.getByRole('button', { name: 'Draw 20 films' }).click();
  await window.getByRole('button', { name: 'Done' }).click();
  await expect(window.getByText('all synthetic')).toBeVisible();
  await expect(filmsIn(window).first()).toContainText('synthetic');
  await expect(filmsIn(window).first().getByRole('img')).toHaveAttribute('alt', /^synthetic film/);
  await expect(window.getByRole('complementary', { name: 'Film in focus' })).toContainText('1 box');

  await window.keyboard.press('Alt+6');
  await window.getByRole('button', { name: 'Undo the import Demo set' }).click();
  await expect(window.getByText('20 films of “Demo set” moved to the trash')).toBeVisible();
  await window.getByRole('button', { name: 'Show the trash' }).click();
  await expect(window.getByRole('heading', { name: '20 films in the trash' })).toBeVisible();
});

test('an import can be cancelled; what was in by then stays', async ({ window }) => {
  await window.getByRole('button', { name: 'Make the demo set' }).click();
  await window.getByLabel('Films', { exact: true }).fill('5000');
  await window.getByRole('button', { name: 'Draw 5,000 films' }).click();
  await window.getByRole('button', { name: 'Go on reading' }).click();
  const status = window.getByRole('contentinfo', { name: 'Status' });
  await expect(status.getByRole('progressbar')).toBeVisible();
  await status.getByRole('button', { name: /^Cancel/ }).click();
  await expect(status.getByRole('progressbar')).toBeHidden();
});
