// The Read page: labels by key, one film after the other, saved at once; undo across films; what may be seen and when.
import type { Page } from '@playwright/test';
import { expect, expectAccessible, filmsIn, test } from './serve.ts';
import type { Osteon } from './serve.ts';

test.use({ films: 12 });

const film = (window: Page) => window.getByRole('application');
const status = (window: Page) => window.getByRole('contentinfo', { name: 'Status' });
const labelButton = (window: Page, name: string) =>
  window.getByRole('group', { name: 'Label of this film' }).getByRole('button', { name });
const panel = (window: Page) => window.getByRole('complementary', { name: 'This film' });

/** Opens Read on films without a label. */
async function openRead(window: Page): Promise<void> {
  await window.getByRole('link', { name: 'Read', exact: true }).click();
}

/** Opens Read on all films, labelled as they are. */
async function readAll(window: Page): Promise<void> {
  await openRead(window);
  await window.getByRole('button', { name: 'Read 12 films again' }).click();
  await onScreen(window, 'film-001.png');
}

async function onScreen(window: Page, file: string): Promise<void> {
  await expect(film(window)).toHaveAccessibleName(new RegExp(`${file}.*zoom`));
}

function labelsOf(osteon: Osteon): Record<string, string | null> {
  const listed = osteon.command('list') as { file: string; label: string | null }[];
  return Object.fromEntries(listed.map(({ file, label }) => [file.split('/').at(-1) ?? file, label]));
}

test('says that every film is labelled, and what to do then', async ({ window }) => {
  await openRead(window);
  await expect(window.getByRole('heading', { name: 'All 12 films are labelled' })).toBeVisible();
  await expectAccessible(window);
  await window.getByRole('button', { name: 'Train' }).click();
  await expect(window.getByRole('link', { name: 'Train' })).toHaveAttribute('aria-current', 'page');
});

test('a key pressed before the film is on screen labels nothing, and that is told', async ({ window, osteon }) => {
  let show = (): void => undefined;
  const held = new Promise<void>((go) => (show = go));
  await window.route('**/images/xrays/1/pixels', async (route) => {
    await held;
    await route.continue();
  });
  await openRead(window);
  await window.getByRole('button', { name: 'Read 12 films again' }).click();
  await expect(film(window)).toHaveAccessibleName(/film-001\.png.*loading/);
  await window.keyboard.press('3');
  await expect(window.getByText('This film was not labelled: it is not on screen yet')).toBeVisible();
  expect(labelsOf(osteon)).toMatchObject({ 'film-001.png': 'fracture' });
  show();
  await onScreen(window, 'film-001.png');
  await window.keyboard.press('3');
  await onScreen(window, 'film-002.png');
  await expect.poll(() => labelsOf(osteon)).toMatchObject({ 'film-001.png': 'uncertain' });
});

test('undo with nothing to take back tells so, and is no error', async ({ window }) => {
  await readAll(window);
  await window.keyboard.press('Control+z');
  const told = window.getByRole('group').filter({ hasText: 'There is nothing to undo.' });
  await expect(told).toBeVisible();
  await expect(told).toHaveClass(/done/);
});

test('keys label and go on, each label is saved at once, undo brings the film back', async ({ window, osteon }) => {
  await readAll(window);
  await expect(labelButton(window, 'Fracture')).toHaveAttribute('aria-pressed', 'true');
  await window.keyboard.press('3');
  await onScreen(window, 'film-002.png');
  await expect(status(window)).toContainText('Film 1 is uncertain');
  await expect(status(window)).toContainText(/Saved \d\d:\d\d:\d\d/);
  await window.keyboard.press('2');
  await onScreen(window, 'film-003.png');
  await expect(status(window)).toContainText('Film 2 is whole');
  expect(labelsOf(osteon)).toMatchObject({ 'film-001.png': 'uncertain', 'film-002.png': 'whole' });

  // Taking a label away does not go on, and counts.
  await window.keyboard.press('Backspace');
  await expect(window.getByText('11 of 12 labelled')).toBeVisible();
  await onScreen(window, 'film-003.png');

  for (const file of ['film-003.png', 'film-002.png', 'film-001.png']) {
    await window.keyboard.press('Control+z');
    await onScreen(window, file);
  }
  await expect(window.getByText('12 of 12 labelled')).toBeVisible();
  await expect(labelButton(window, 'Fracture')).toHaveAttribute('aria-pressed', 'true');
  await expect(panel(window).getByText('taken back')).toBeVisible();
  await window.keyboard.press('Control+Shift+z');
  await expect(labelButton(window, 'Uncertain')).toHaveAttribute('aria-pressed', 'true');
  expect(labelsOf(osteon)).toMatchObject({ 'film-001.png': 'uncertain', 'film-002.png': 'fracture' });
});

test('without going on the film stays, and its history says who decided what', async ({ window }) => {
  await readAll(window);
  await window.getByRole('switch', { name: 'Go on after label' }).click();
  await window.keyboard.press('2');
  await expect(labelButton(window, 'Whole')).toHaveAttribute('aria-pressed', 'true');
  await onScreen(window, 'film-001.png');
  const history = panel(window).getByRole('listitem');
  await expect(history.first()).toContainText('Whole, ');
  await expect(history.first()).toContainText('after a second look');
  await window.reload();
  await window.getByRole('button', { name: 'Read 12 films again' }).click();
  await expect(window.getByRole('switch', { name: 'Go on after label' })).toHaveAttribute('aria-checked', 'false');
});

test('a label that was not saved is never shown as saved, and can be saved again', async ({ window, osteon }) => {
  await readAll(window);
  await window.route('**/rpc/labels/set', (route) => route.abort());
  await window.keyboard.press('2');
  await onScreen(window, 'film-002.png');
  await expect(window.getByRole('alert').filter({ hasText: '1 label not saved' })).toBeVisible();
  await expect(status(window)).not.toContainText('Film 1 is whole');
  expect(labelsOf(osteon)).toMatchObject({ 'film-001.png': 'fracture' });
  await window.getByRole('button', { name: '1 label not saved' }).click();
  await onScreen(window, 'film-001.png');
  await expect(labelButton(window, 'Fracture')).toHaveAttribute('aria-pressed', 'true');

  await window.unroute('**/rpc/labels/set');
  await window.getByRole('button', { name: 'Save again' }).click();
  await expect(status(window)).toContainText('Film 1 is whole');
  await expect(window.getByText('label not saved')).toBeHidden();
  expect(labelsOf(osteon)).toMatchObject({ 'film-001.png': 'whole' });
});

test('a film that is not on screen cannot be labelled', async ({ window, osteon }) => {
  const said = { code: 'FILM_DAMAGED', message: 'film-002.png is damaged.', next: 'Fetch the file again.' };
  await window.route('**/images/xrays/2/pixels', (route) => route.fulfill({ status: 422, json: said }));
  await readAll(window);
  await window.keyboard.press('ArrowRight');
  await expect(window.getByRole('alert')).toContainText('film-002.png is damaged. Fetch the file again.');
  await expect(labelButton(window, 'Whole')).toBeDisabled();
  await window.keyboard.press('2');
  await window.keyboard.press('Space');
  await onScreen(window, 'film-003.png');
  expect(labelsOf(osteon)).toMatchObject({ 'film-002.png': 'fracture' });
});

test('arrows, wheel, strip and patient lead through the films', async ({ window }) => {
  await readAll(window);
  await window.keyboard.press('ArrowRight');
  await onScreen(window, 'film-002.png');
  await window.keyboard.press('f');
  await onScreen(window, 'film-003.png');
  await window.keyboard.press('d');
  await onScreen(window, 'film-002.png');
  await window.keyboard.press('End');
  await onScreen(window, 'film-012.png');
  await window.keyboard.press('Home');
  await film(window).hover();
  await window.mouse.wheel(0, 120);
  await onScreen(window, 'film-002.png');
  const strip = window.getByRole('group', { name: 'Films in this queue' });
  await strip.getByRole('button', { name: /film-007\.png/ }).click();
  await onScreen(window, 'film-007.png');
  await panel(window)
    .getByRole('button', { name: /film-008\.png/ })
    .click();
  await onScreen(window, 'film-008.png');
  await expect(window.getByText('Film 8 of 12')).toBeVisible();
});

test('goes to the next film not yet read, round the end, and comes back to where one was', async ({
  window,
  osteon,
}) => {
  for (const id of ['2', '9']) osteon.command('label', id, 'none');
  await window.reload();
  await openRead(window);
  await onScreen(window, 'film-002.png');
  await expect(window.getByText('Film 1 of 2')).toBeVisible();
  await expect(window.getByText('10 of 12 labelled')).toBeVisible();
  await window.keyboard.press('1');
  await onScreen(window, 'film-009.png');
  await window.keyboard.press('j');
  await expect(window.getByText('Every film of this queue is labelled')).toBeHidden();
  await onScreen(window, 'film-009.png');

  await window.getByRole('link', { name: 'Settings' }).click();
  await openRead(window);
  await onScreen(window, 'film-009.png');
  await window.keyboard.press('1');
  await expect(window.getByText('12 of 12 labelled')).toBeVisible();
  await window.keyboard.press('j');
  await expect(window.getByText('Every film of this queue is labelled')).toBeVisible();
});

test('labels given on another page stand here too', async ({ window }) => {
  await readAll(window);
  await window.getByRole('link', { name: 'Library', exact: true }).click();
  await window.getByRole('listbox', { name: 'Films', exact: true }).focus();
  await window.keyboard.press('Backspace');
  await expect(status(window)).toContainText('Film 1 is not yet read');
  await openRead(window);
  await expect(window.getByText('11 of 12 labelled')).toBeVisible();
  await expect(labelButton(window, 'Fracture')).toHaveAttribute('aria-pressed', 'false');
  await expect(film(window)).toHaveAccessibleName(/not yet read/);
});

test('what others decided is shown after one has decided', async ({ window, osteon }) => {
  osteon.command('label', '1', 'none');
  osteon.command('label', '1', 'whole', '--reader', 'B.B.');
  await window.reload();
  await readAll(window);
  await expect(panel(window).getByText('of others, shown after yours')).toBeVisible();
  await expect(panel(window)).not.toContainText('B.B.');
  for (const name of ['Fracture', 'Whole', 'Uncertain']) {
    await expect(labelButton(window, name)).toHaveAttribute('aria-pressed', 'false');
  }
  await window.keyboard.press('1');
  await window.keyboard.press('ArrowLeft');
  await expect(panel(window)).toContainText('B.B.');
  await expect(panel(window).getByText('of others, shown after yours')).toBeHidden();
});

test('the key sheet names every key of the page', async ({ window }) => {
  await readAll(window);
  await window.keyboard.press('Shift+?');
  const sheet = window.getByRole('dialog', { name: 'Keys in this window' });
  for (const title of ['Label: fracture', 'Window preset: bone', 'Next film not yet read', 'Undo']) {
    await expect(sheet.getByText(title, { exact: true })).toHaveCount(1);
  }
});

test('in a narrow window nothing is lost', async ({ window }) => {
  await window.setViewportSize({ width: 900, height: 640 });
  await readAll(window);
  await expect(panel(window)).toHaveCount(0);
  await window.getByRole('button', { name: 'About this film' }).click();
  await expect(window.getByRole('dialog', { name: 'This film' })).toContainText('Label history');
  await expectAccessible(window);
});

test.describe('drawn films', () => {
  test.use({ films: 0 });

  test('say that they are drawn, and their marks are shown, pointed at and hidden', async ({ window, osteon }) => {
    osteon.command('demo', '--images', '20');
    await window.reload();
    await window.getByRole('checkbox', { name: 'Fracture' }).click();
    await expect(filmsIn(window).first()).toHaveAttribute('aria-setsize', '10');
    await window.getByRole('listbox', { name: 'Films', exact: true }).focus();
    await window.keyboard.press('Enter');
    await expect(film(window)).toHaveAccessibleName(/synthetic.*zoom/);
    await expect(window.getByText('Synthetic film, Demo set')).toBeVisible();
    const boxes = window.locator('svg rect.line');
    const mark = panel(window).getByRole('button', { name: /^Box 1|^Fracture Box 1/ });
    await expect(mark).toBeVisible();
    const shown = await boxes.count();
    expect(shown).toBeGreaterThan(0);
    await mark.click();
    await expect(mark).toHaveAttribute('aria-pressed', 'true');
    await window.keyboard.press('o');
    await expect(boxes).toHaveCount(0);
    await expect(panel(window).getByRole('switch', { name: 'Show on the film' })).toHaveAttribute(
      'aria-checked',
      'false',
    );
    await window.keyboard.press('o');
    await expect(boxes).toHaveCount(shown);
  });
});

test('is accessible in both themes, flipped and inverted', async ({ window }) => {
  await readAll(window);
  await window.keyboard.press('i');
  await window.keyboard.press('h');
  await expect(film(window)).toHaveAccessibleName(/flipped, inverted/);
  await expect(panel(window).getByRole('listitem').first()).toBeVisible();
  for (const colorScheme of ['dark', 'light'] as const) {
    await window.emulateMedia({ colorScheme });
    await expectAccessible(window);
  }
});
