// The Classify page: an answer with what it rests on, where the network looked, lists, CSV, and films into the library.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { drawFilm } from '#test/films.ts';
import { expect, expectAccessible, test } from './serve.ts';
import type { Osteon } from './serve.ts';

const answer = (window: Page) => window.getByRole('complementary', { name: 'Answer' });
const rows = (window: Page) => window.getByRole('list', { name: /^Answers/ }).getByRole('listitem');

async function openClassify(window: Page): Promise<void> {
  await window.getByRole('link', { name: 'Classify', exact: true }).click();
}

async function choose(window: Page, files: string[]): Promise<void> {
  await window.getByLabel('Films to classify').setInputFiles(files);
}

test.describe('without a network', () => {
  test('says to make the demo set where there is no label', async ({ window }) => {
    await openClassify(window);
    await expect(window.getByRole('heading', { name: 'No network has learned here yet' })).toBeVisible();
    await expect(window.getByRole('button', { name: 'Make the demo set' })).toBeVisible();
    await expectAccessible(window);
  });
});

test.describe('with a network', () => {
  test.use({ films: 60 });
  let files: { broken: string; whole: string; page: string; junk: string };

  test.beforeEach(async ({ osteon, window }) => {
    const path = (name: string) => join(osteon.home, name);
    files = { broken: path('broken.png'), whole: path('whole.png'), page: path('page.png'), junk: path('junk.jpg') };
    writeFileSync(files.broken, await drawFilm(900_001, true));
    writeFileSync(files.whole, await drawFilm(900_002, false));
    const white = sharp({ create: { width: 90, height: 120, channels: 3, background: '#fff' } });
    writeFileSync(files.page, await white.png().toBuffer());
    writeFileSync(files.junk, 'not a picture');
    train(osteon);
    await window.reload();
    await openClassify(window);
  });

  test('answers on one film, shows where it looked, and what the answer rests on', async ({ window }) => {
    await expect(window.getByRole('heading', { name: 'Which film?' })).toBeVisible();
    await choose(window, [files.broken]);
    await expect(answer(window).getByRole('heading', { level: 1 })).toHaveText(/Fracture|Whole|Cannot tell/);
    await expect(answer(window).getByRole('img', { name: /^Probability of fracture 0\.\d\d/ })).toBeVisible();
    await expect(answer(window)).toContainText('Research and teaching. Not a medical device; not for diagnosis.');
    await expect(answer(window)).toContainText(/Run 1, .*28 × 28/);
    await expect(answer(window)).toContainText('films of');
    await expect(answer(window).getByRole('img', { name: /28 by 28 pixels/ })).toHaveJSProperty('naturalWidth', 28);

    const heat = window.locator('svg image');
    await expect(heat).toHaveAttribute('href', /^data:image\/png/);
    await window.keyboard.down('o');
    await expect(heat).toHaveCount(0);
    await window.keyboard.up('o');
    await expect(heat).toHaveAttribute('opacity', '0.45');
    await answer(window).getByRole('slider', { name: 'Opacity of the heat map' }).focus();
    await window.keyboard.press('ArrowRight');
    await expect(heat).toHaveAttribute('opacity', '0.5');
    for (const colorScheme of ['dark', 'light'] as const) {
      await window.emulateMedia({ colorScheme });
      await expectAccessible(window);
    }
  });

  test('a list stands by suspicion, says why a film has no answer, and is saved as CSV', async ({ window }) => {
    await choose(window, Object.values(files));
    await expect(rows(window)).toHaveCount(4);
    const words = await rows(window).getByRole('button').allInnerTexts();
    const figures = words.map((word) => Number(/probability of fracture\s+(\d\.\d\d)/.exec(word)?.[1] ?? -1));
    expect(figures).toEqual([...figures].sort((a, b) => b - a));
    expect(figures.filter((figure) => figure === -1).length).toBeGreaterThanOrEqual(1);

    await window.keyboard.press('End');
    await expect(answer(window).getByRole('heading', { name: 'Not answered' })).toBeVisible();
    await expectAccessible(window);
    // A film that is read though it is not answered can be looked at; what is no film cannot.
    await rows(window)
      .getByRole('button', { name: /^page.*not answered/ })
      .click();
    await expect(window.getByRole('application')).toHaveAccessibleName(/^page, not answered/);
    await expect(rows(window).getByRole('button', { name: /^page/ }).locator('img')).not.toHaveJSProperty(
      'naturalWidth',
      0,
    );
    await expect(window.locator('svg image')).toHaveCount(0);
    await rows(window)
      .getByRole('button', { name: /^junk.*not answered/ })
      .click();
    await expect(window.getByText('This file cannot be shown.')).toBeVisible();

    const saved = window.waitForEvent('download');
    await window.getByRole('button', { name: 'CSV' }).click();
    const csv = readFileSync(await (await saved).path(), 'utf8')
      .trim()
      .split('\r\n');
    expect(csv[0]).toContain('file,probability of fracture,answer,threshold');
    expect(csv).toHaveLength(5);
    expect(csv.at(-1)).toContain('Not a medical device');
    expect(csv.some((line) => line.startsWith('junk.jpg,,,'))).toBe(true);
  });

  test('a label takes the film into the library, once', async ({ window, osteon }) => {
    await choose(window, [files.broken]);
    await expect(answer(window).getByRole('button', { name: 'Add to library' })).toBeVisible();
    await window.keyboard.press('1');
    await expect(answer(window).getByText('Saved: this film is a fracture')).toBeVisible();
    const listed = () =>
      (osteon.command('list', '--limit', '100') as { id: number; file: string; label: string }[]).filter(({ file }) =>
        file.includes('broken'),
      );
    expect(listed()).toMatchObject([{ label: 'fracture' }]);
    await window.keyboard.press('2');
    await expect(answer(window).getByText('Saved: this film is whole')).toBeVisible();
    expect(listed()).toMatchObject([{ label: 'whole' }]);
    await answer(window).getByRole('button', { name: 'Open in Read' }).click();
    await expect(window.getByRole('application')).toHaveAccessibleName(/broken\.png.*whole/);
  });

  test('answers stay while one looks at another page, and another network can be asked', async ({ window, osteon }) => {
    train(osteon);
    await window.reload();
    await openClassify(window);
    await choose(window, [files.whole]);
    await expect(answer(window).getByRole('heading', { level: 1 })).toBeVisible();
    await window.getByRole('link', { name: 'Library', exact: true }).click();
    await openClassify(window);
    await expect(answer(window).getByRole('heading', { level: 1 })).toBeVisible();
    await answer(window)
      .getByRole('combobox', { name: /^Model: Run 2/ })
      .click();
    await window.getByRole('option', { name: /^Run 1/ }).click();
    await expect(answer(window).getByRole('combobox', { name: /^Model: Run 1/ })).toBeVisible();
  });

  test('the list of networks stays open while an answer arrives', async ({ window, osteon }) => {
    train(osteon);
    await window.reload();
    await openClassify(window);
    await answer(window)
      .getByRole('combobox', { name: /^Model: Run 2/ })
      .click();
    await expect(window.getByRole('option')).toHaveCount(2);
    await choose(window, [files.whole]);
    // An open list hides what is behind it from screen readers.
    await expect(window.locator('aside.answer h1')).toBeVisible();
    await window.getByRole('option', { name: /^Run 1/ }).click();
    await expect(answer(window).getByRole('combobox', { name: /^Model: Run 1/ })).toBeVisible();
  });
});

function train(osteon: Osteon): void {
  osteon.command('train', '--epochs', '2');
}
