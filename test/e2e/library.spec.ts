// The Library page: films found, chosen, labelled, put away and brought back, by keyboard and by mouse.
import { expect, expectAccessible, filmsIn, test } from './serve.ts';

test.describe('with films', () => {
  test.use({ films: 40 });

  test('shows every film with its label, and says how many', async ({ window }) => {
    await expect(window.getByRole('heading', { name: '40 films' })).toBeVisible();
    await expect(window.getByText('40 films of 20 patients')).toBeVisible();
    await expect(filmsIn(window).first()).toHaveAttribute('aria-setsize', '40');
    const pictures = filmsIn(window).getByRole('img');
    await expect(pictures.first()).toHaveJSProperty('complete', true);
    expect(await pictures.first().evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
    await expect(filmsIn(window).first().getByRole('img')).toHaveAttribute('alt', /film-001\.png.*fracture/);
    await expect(window.getByRole('complementary', { name: 'Film in focus' })).toContainText('film-001.png');
  });

  test('keys label, go on by themselves, and are undone and redone', async ({ window }) => {
    const facts = window.getByRole('complementary', { name: 'Film in focus' });
    const status = window.getByRole('contentinfo', { name: 'Status' });
    await expect(facts).toContainText('film-001.png');
    await window.keyboard.press('3');
    await expect(status).toContainText('Film 1 is uncertain');
    await expect(status).toContainText(/Saved \d\d:\d\d:\d\d/);
    await expect(facts).toContainText('film-002.png');
    await expect(filmsIn(window).first().getByRole('img')).toHaveAttribute('alt', /uncertain/);
    await window.keyboard.press('2');
    await expect(status).toContainText('Film 2 is whole');
    await expect(window.getByRole('checkbox', { name: 'Uncertain' })).toContainText('1');

    await window.keyboard.press('Control+z');
    await expect(status).toContainText('Undone: Film 2 is a fracture');
    await window.keyboard.press('Control+z');
    await expect(window.getByRole('checkbox', { name: 'Uncertain' })).toContainText('0');
    await window.keyboard.press('Control+Shift+z');
    await expect(status).toContainText('Redone: Film 1 is uncertain');
    await expect(window.getByRole('checkbox', { name: 'Uncertain' })).toContainText('1');
  });

  test('two windows on one library: what one does is seen when one comes back to the other', async ({
    window,
    context,
    osteon,
  }) => {
    await expect(window.getByRole('complementary', { name: 'Film in focus' })).toContainText('film-001.png');
    const other = await context.newPage();
    await other.goto(`${window.url().split('#')[0] ?? ''}#library`);
    await expect(other.getByRole('complementary', { name: 'Film in focus' })).toContainText('film-001.png');
    await other.keyboard.press('3');
    await expect(other.getByText('Film 1 is uncertain')).toBeVisible();
    await window.evaluate(() => dispatchEvent(new Event('focus')));
    await expect(window.getByRole('checkbox', { name: 'Uncertain' })).toContainText('1');
    await expect(filmsIn(window).first().getByRole('img')).toHaveAttribute('alt', /uncertain/);

    // Another library there is another library here: no label may go to a film that is not on screen.
    await other.getByRole('button', { name: 'My films' }).click();
    await other.getByRole('menuitem', { name: 'New library' }).click();
    const folder = other.getByLabel('Folder', { exact: true });
    await expect(folder).not.toHaveValue('');
    await folder.fill(osteon.home);
    await other.getByRole('button', { name: 'Put it in this folder' }).click();
    await other.getByLabel('Name of the library').fill('Pilot');
    await other.keyboard.press('Enter');
    await expect(other.getByRole('heading', { name: 'No films in this library yet' })).toBeVisible();
    await window.keyboard.press('2');
    await expect(window.getByText('Another window opened the library Pilot')).toBeVisible();
    await expect(window.getByRole('heading', { name: 'No films in this library yet' })).toBeVisible();
    await other.getByRole('button', { name: 'Pilot' }).click();
    await other.getByRole('menuitem', { name: 'My films' }).click();
    await expect(other.getByRole('heading', { name: '40 films' })).toBeVisible();
    await window.evaluate(() => dispatchEvent(new Event('focus')));
    await expect(window.getByRole('heading', { name: '40 films' })).toBeVisible();
    await expect(window.getByRole('checkbox', { name: 'Uncertain' })).toContainText('1');
  });

  test('labels and undo outlive a restart', async ({ window, osteon }) => {
    await expect(window.getByRole('complementary', { name: 'Film in focus' })).toContainText('film-001.png');
    await window.keyboard.press('3');
    await expect(window.getByText('Film 1 is uncertain')).toBeVisible();
    await osteon.stop('SIGKILL');
    await osteon.start();
    await window.goto(osteon.link);
    await expect(window.getByRole('checkbox', { name: 'Uncertain' })).toContainText('1');
    await window.keyboard.press('Control+z');
    await expect(window.getByRole('checkbox', { name: 'Uncertain' })).toContainText('0');
  });

  test('a film without going on keeps the focus', async ({ window }) => {
    await window.keyboard.press('Alt+6');
    await window.getByRole('switch', { name: 'Go on to the next film after a label' }).click();
    await window.keyboard.press('Alt+1');
    const facts = window.getByRole('complementary', { name: 'Film in focus' });
    await window.keyboard.press('2');
    await expect(facts).toContainText('Whole');
    await expect(facts).toContainText('film-001.png');
    await expect(facts).toContainText('Reader 1 changed it from Fracture');
  });

  test('arrows, Shift, Space and Ctrl choose several films, and one key labels them all', async ({ window }) => {
    const grid = window.getByRole('listbox', { name: 'Films', exact: true });
    await grid.focus();
    await window.keyboard.press('ArrowRight');
    await window.keyboard.press('Shift+ArrowRight');
    await window.keyboard.press('Shift+ArrowRight');
    const selection = window.getByRole('toolbar');
    await expect(selection).toContainText('3 selected');
    await window.keyboard.press('End');
    await window.keyboard.press('Space');
    await expect(selection).toContainText('4 selected');
    await filmsIn(window)
      .nth(6)
      .click({ modifiers: ['ControlOrMeta'] });
    await expect(selection).toContainText('5 selected');
    await selection.getByRole('button', { name: 'Uncertain' }).click();
    await expect(window.getByText('5 films are uncertain')).toBeVisible();
    await expect(window.getByRole('checkbox', { name: 'Uncertain' })).toContainText('5');
    await window.keyboard.press('Escape');
    await expect(selection).toBeHidden();
    await window.keyboard.press('Control+z');
    await expect(window.getByRole('checkbox', { name: 'Uncertain' })).toContainText('0');
    await window.keyboard.press('Control+a');
    await expect(selection).toContainText('40 selected');
  });

  test('Shift and a click choose a range', async ({ window }) => {
    await filmsIn(window).nth(2).click();
    await filmsIn(window)
      .nth(8)
      .click({ modifiers: ['Shift'] });
    await expect(window.getByRole('toolbar')).toContainText('7 selected');
    await expect(filmsIn(window).nth(5)).toHaveAttribute('aria-selected', 'true');
    await expect(filmsIn(window).nth(9)).toHaveAttribute('aria-selected', 'false');
  });

  test('filters count, combine, show as chips and are dropped', async ({ window }) => {
    await window.getByRole('checkbox', { name: 'Fracture' }).click();
    await expect(window.getByRole('heading', { name: '20 of 40 films' })).toBeVisible();
    await window.getByRole('checkbox', { name: 'Uncertain' }).click();
    await expect(window.getByRole('heading', { name: '20 of 40 films' })).toBeVisible();
    await window.getByRole('button', { name: 'Remove filter Fracture' }).click();
    await expect(window.getByText('No film is uncertain')).toBeVisible();
    await window.getByRole('button', { name: 'Clear all' }).click();
    await expect(window.getByRole('heading', { name: '40 films' })).toBeVisible();
  });

  test('a filter with no films says which part to drop', async ({ window }) => {
    await window.getByRole('checkbox', { name: 'Uncertain' }).click();
    await window.getByRole('checkbox', { name: 'Forearm' }).click();
    await expect(window.getByText('No film is uncertain and forearm')).toBeVisible();
    await expect(window.getByText('Without “uncertain” there are 40 of 40.')).toBeVisible();
    await window.getByRole('button', { name: 'Drop “uncertain”' }).click();
    await expect(window.getByRole('heading', { name: '40 of 40 films' })).toBeVisible();
  });

  test('a film labelled out of the filter stays until it is asked for', async ({ window }) => {
    await window.getByRole('checkbox', { name: 'Fracture' }).click();
    await expect(window.getByRole('heading', { name: '20 of 40 films' })).toBeVisible();
    await window.getByRole('listbox', { name: 'Films', exact: true }).focus();
    await window.keyboard.press('2');
    const out = window.getByRole('button', { name: '1 film labelled out of this filter' });
    await expect(out).toBeVisible();
    await expect(window.getByRole('heading', { name: '20 of 40 films' })).toBeVisible();
    await out.click();
    await expect(window.getByRole('heading', { name: '19 of 40 films' })).toBeVisible();
  });

  test('films of the same patient are one click away', async ({ window }) => {
    const facts = window.getByRole('complementary', { name: 'Film in focus' });
    await expect(facts.getByRole('heading', { name: /Same patient/ })).toContainText('2 films');
    await facts.getByRole('button', { name: /^P-/ }).click();
    await expect(window.getByRole('heading', { name: '2 of 40 films' })).toBeVisible();
  });

  test('films go to the trash at once and come back by Ctrl+Z, by the message, and from the trash', async ({
    window,
  }) => {
    // Keys act on the film in focus, which is known once its facts stand there.
    await expect(window.getByRole('complementary', { name: 'Film in focus' })).toContainText('film-001.png');
    await window.getByRole('listbox', { name: 'Films', exact: true }).focus();
    await window.keyboard.press('Delete');
    await expect(window.getByText('1 film moved to the trash')).toBeVisible();
    await expect(window.getByRole('heading', { name: '39 films' })).toBeVisible();
    await window.keyboard.press('Control+z');
    await expect(window.getByRole('heading', { name: '40 films' })).toBeVisible();

    await window.keyboard.press('Delete');
    await window.getByRole('button', { name: /^Undo Ctrl/ }).click();
    await expect(window.getByRole('heading', { name: '40 films' })).toBeVisible();

    await window.keyboard.press('Delete');
    await window.getByRole('button', { name: /^Trash/ }).click();
    await expect(window.getByRole('heading', { name: '1 film in the trash' })).toBeVisible();
    await window.getByRole('button', { name: 'Bring back from the trash' }).click();
    await expect(window.getByText('The trash is empty')).toBeVisible();
    await window.getByRole('button', { name: 'Back to the films' }).click();
    await expect(window.getByRole('heading', { name: '40 films' })).toBeVisible();
  });

  test('order, size and list change what is shown', async ({ window }) => {
    await window.getByRole('combobox', { name: /^Order/ }).click();
    await window.getByRole('option', { name: 'By file name' }).click();
    await window.getByRole('radio', { name: 'List' }).click();
    await expect(filmsIn(window).first()).toContainText('film-001.png');
    await window.getByRole('radio', { name: 'Grid' }).click();
    const before = (await filmsIn(window).first().boundingBox())?.width ?? 0;
    await window.getByRole('slider', { name: 'Size of the films' }).fill('240');
    await expect
      .poll(async () => (await filmsIn(window).first().boundingBox())?.width ?? 0)
      .toBeGreaterThan(before * 1.5);
  });

  test('a film opens in Read by Enter and by a double click', async ({ window }) => {
    await expect(window.getByRole('complementary', { name: 'Film in focus' })).toContainText('film-001.png');
    await window.getByRole('listbox', { name: 'Films', exact: true }).focus();
    await window.keyboard.press('Enter');
    const rail = window.getByRole('navigation', { name: 'Pages' });
    await expect(rail.getByRole('link', { name: 'Read' })).toHaveAttribute('aria-current', 'page');
    await rail.getByRole('link', { name: 'Library' }).click();
    await filmsIn(window).nth(3).dblclick();
    await expect(rail.getByRole('link', { name: 'Read' })).toHaveAttribute('aria-current', 'page');
  });

  test('narrow windows fold the panels into drawers', async ({ window }) => {
    await window.setViewportSize({ width: 720, height: 450 });
    await expect(window.getByRole('complementary')).toHaveCount(0);
    await window.getByRole('button', { name: 'Filters' }).click();
    await window.getByRole('dialog', { name: 'Filters' }).getByRole('checkbox', { name: 'Fracture' }).click();
    await window.keyboard.press('Escape');
    await expect(window.getByRole('heading', { name: '20 of 40 films' })).toBeVisible();
    await window.getByRole('button', { name: 'Selected film' }).click();
    await expect(window.getByRole('dialog', { name: 'Selected film' })).toContainText('film-001.png');
    await expectAccessible(window);
  });

  test('the page is accessible as grid, as list, with films chosen, in both themes', async ({ window }) => {
    for (const colorScheme of ['dark', 'light'] as const) {
      await window.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expect(window.locator('html')).toHaveAttribute('data-theme', colorScheme);
      await expect(filmsIn(window).first().getByRole('img')).toBeVisible();
      await filmsIn(window)
        .nth(1)
        .click({ modifiers: ['ControlOrMeta'] });
      await expectAccessible(window);
      await window.getByRole('radio', { name: 'List' }).click();
      await expectAccessible(window);
      await window.getByRole('radio', { name: 'Grid' }).click();
      await window.getByRole('listbox', { name: 'Films', exact: true }).focus();
      await window.keyboard.press('Escape');
    }
  });
});

test.describe('with many films', () => {
  test.use({ films: 400 });

  test('only the films in sight are drawn, and the last one is one key away', async ({ window }) => {
    await expect(window.getByRole('heading', { name: '400 films' })).toBeVisible();
    expect(await filmsIn(window).count()).toBeLessThan(120);
    await window.getByRole('listbox', { name: 'Films', exact: true }).focus();
    await window.keyboard.press('End');
    await expect(window.getByRole('complementary', { name: 'Film in focus' })).toContainText('film-400.png');
    await expect(window.locator('#film-399').getByRole('img')).toBeVisible();
    expect(await filmsIn(window).count()).toBeLessThan(120);
    await window.keyboard.press('Home');
    await expect(window.getByRole('complementary', { name: 'Film in focus' })).toContainText('film-001.png');
  });
});

test('an empty library shows three ways in', async ({ window }) => {
  await expect(window.getByRole('heading', { name: 'No films in this library yet' })).toBeVisible();
  await expect(window.getByRole('button', { name: 'Choose a folder' })).toBeFocused();
  await expect(window.getByRole('button', { name: 'Open the camera' })).toBeVisible();
  await expect(window.getByRole('button', { name: 'Make the demo set' })).toBeVisible();
  await expectAccessible(window);
});
