// What the viewer must do however it renders: run once with WebGL and once on the processor.
// Nothing is read from the page's own state: only pixels of the screen and words.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { EXPLICIT, dicomFile, shapeFields, words } from '#test/fixtures/dicom.ts';
import { filmToScreen, fitted, upright } from '#renderer/viewer/view.ts';
import type { Field } from '#test/fixtures/dicom.ts';
import { lookAt, writePng16, writePng8 } from './pixels.ts';
import { expect, test } from './serve.ts';
import type { Osteon } from './serve.ts';

const FILM = { width: 400, height: 300 };
/** Cells of a chess board, film pixels. */
const CELL = 50;
const GROUND = 0x4000;
const DARK = 2;
const BRIGHT = 13;

function board(x: number, y: number): boolean {
  return (Math.floor(x / CELL) + Math.floor(y / CELL)) % 2 === 0;
}

/** Draws a film, imports it, and opens it in Read. */
async function openFilm(
  window: Page,
  osteon: Osteon,
  name: string,
  draw: (path: string) => Promise<void>,
): Promise<void> {
  const folder = join(osteon.home, 'films');
  mkdirSync(folder, { recursive: true });
  await draw(join(folder, name));
  osteon.command('import', folder);
  await window.reload();
  await window.getByRole('link', { name: 'Read', exact: true }).click();
  await expect(film(window)).toHaveAccessibleName(new RegExp(`${name}.*zoom`), { timeout: 30_000 });
  await window.mouse.move(2, 2);
}

function film(window: Page) {
  return window.getByRole('application');
}

/** Where a film point is on the fitted film's screen. */
async function fittedPlace(window: Page, x: number, y: number): Promise<{ x: number; y: number }> {
  const box = await film(window).boundingBox();
  if (!box) throw new Error('the film is not on screen');
  return filmToScreen(fitted(FILM, box, upright), box, { x, y });
}

export function viewerTests(rendering: 'webgl' | 'cpu'): void {
  test('the lowest four of sixteen bits are seen under a narrow window, and only there', async ({ window, osteon }) => {
    // One black and one white pixel, so that the film's range is that of 16 bits.
    await openFilm(window, osteon, 'low.png', (path) =>
      writePng16(path, FILM, (x, y) => (y === 0 && x < 2 ? 65_535 * x : GROUND + (board(x, y) ? BRIGHT : DARK))),
    );
    await expect(window.locator(`[data-rendering="${rendering}"]`)).toBeVisible();
    const [a, b] = [await fittedPlace(window, 25, 125), await fittedPlace(window, 75, 125)];

    // Over all 65,536 values the two differ by less than one of the 256 greys of a screen.
    await window.keyboard.press('Shift+Digit4');
    await expect(film(window)).toHaveAccessibleName(/window 65,536/);
    const wide = await lookAt(film(window));
    expect(Math.abs(wide(a.x, a.y) - wide(b.x, b.y))).toBeLessThanOrEqual(1);

    // The automatic window, 12 values wide, makes them white and black.
    await window.keyboard.press('Shift+Digit5');
    await expect(film(window)).toHaveAccessibleName(/window 12,/);
    const narrow = await lookAt(film(window));
    expect(narrow(a.x, a.y)).toBeGreaterThan(240);
    expect(narrow(b.x, b.y)).toBeLessThan(15);

    await window.keyboard.press('i');
    await expect(film(window)).toHaveAccessibleName(/inverted/);
    const inverted = await lookAt(film(window));
    expect(inverted(a.x, a.y)).toBeLessThan(15);
    expect(inverted(b.x, b.y)).toBeGreaterThan(240);
  });

  test('each grey of sixteen bits has the brightness its window gives it', async ({ window, osteon }) => {
    await openFilm(window, osteon, 'ramp.png', (path) =>
      writePng16(path, FILM, (x) => 1000 + Math.floor(x / CELL) * 9),
    );
    await window.keyboard.press('Shift+Digit4');
    const look = await lookAt(film(window));
    for (let step = 0; step < 8; step++) {
      const { x, y } = await fittedPlace(window, step * CELL + 25, 125);
      expect(Math.abs(look(x, y) - (255 * step) / 7)).toBeLessThan(4);
    }
  });

  test('a window of the file is drawn by the function the file names, and its table as it stands', async ({
    window,
    osteon,
  }) => {
    const steps = [1200, 1600, 1800, 1900, 2000, 2100, 2400, 2800];
    // For each step another grey than any window gives: 0, 1/3, 2/3 and 1 of white, twice.
    const entries = Array.from({ length: 1601 }, (_, at) => (steps.indexOf(1200 + at) & 3) * 1365);
    const fields = shapeFields({ rows: FILM.height, columns: FILM.width, stored: 12 });
    fields.push([0x00281050, 'DS', '2000'], [0x00281051, 'DS', '800'], [0x00281056, 'CS', 'SIGMOID']);
    const table: Field[] = [
      [0x00283002, 'US', [entries.length, 1200, 12]],
      [0x00283006, 'US', entries],
    ];
    fields.push([0x00283010, 'SQ', [table]]);
    const values = Array.from({ length: FILM.width * FILM.height }, (_, at) => {
      return steps[Math.floor((at % FILM.width) / CELL)] ?? 0;
    });
    await openFilm(window, osteon, 'sigmoid.dcm', (path) => {
      writeFileSync(path, dicomFile(EXPLICIT, [...fields, words(values)]));
      return Promise.resolve();
    });
    await expect(window.locator(`[data-rendering="${rendering}"]`)).toBeVisible();
    const shown = async () => {
      const look = await lookAt(film(window));
      const places = await Promise.all(steps.map((_, step) => fittedPlace(window, step * CELL + 25, 125)));
      return places.map(({ x, y }) => look(x, y));
    };
    const expectGreys = async (bright: (value: number, step: number) => number) => {
      for (const [step, grey] of (await shown()).entries()) {
        expect(Math.abs(grey - 255 * bright(steps[step] ?? 0, step))).toBeLessThan(4);
      }
    };
    const sigmoid = (center: number, width: number) => (value: number) =>
      1 / (1 + Math.exp((-4 * (value - center)) / width));

    await expect(film(window)).toHaveAccessibleName(/window 800, level 2,000, sigmoid/);
    await expectGreys(sigmoid(2000, 800));
    await window.keyboard.press('i');
    await expect(film(window)).toHaveAccessibleName(/inverted/);
    await expectGreys((value) => 1 - sigmoid(2000, 800)(value));
    await window.keyboard.press('i');

    // A touch of the window keeps the function: 12 px down darken by 12 / 320 of the width.
    await film(window).focus();
    await window.keyboard.press('Alt+ArrowDown');
    await expect(film(window)).toHaveAccessibleName(/window 800, level 2,030, sigmoid/);
    await expectGreys(sigmoid(2030, 800));

    await window.keyboard.press('Shift+Digit1');
    await expect(film(window)).toHaveAccessibleName(/level 2,000, sigmoid/);
    await window.keyboard.press('Shift+Digit1');
    await expect(film(window)).toHaveAccessibleName(/voi table/);
    await expectGreys((_value, step) => (step & 3) / 3);

    await window.keyboard.press('Shift+Digit4');
    await expect(film(window)).toHaveAccessibleName(/window 1,601, level 2,001,/);
    await expectGreys((value) => (value - 1200) / 1600);
  });

  test('turned and flipped films stand as they say', async ({ window, osteon }) => {
    // A bright corner, top left.
    await openFilm(window, osteon, 'corner.png', (path) =>
      writePng8(path, FILM, (x, y) => (x < 100 && y < 75 ? 230 : 40)),
    );
    const corner = async () => {
      const box = await film(window).boundingBox();
      if (!box) throw new Error('the film is not on screen');
      const look = await lookAt(film(window));
      // Inside the bright quarter, lying or standing.
      const { width, height } = box;
      const at = (across: number, down: number) =>
        look(width / 2 + across * 0.35 * height, height / 2 + down * 0.37 * height);
      const places = {
        'top left': at(-1, -1),
        'top right': at(1, -1),
        'bottom left': at(-1, 1),
        'bottom right': at(1, 1),
      };
      return Object.entries(places).find(([, grey]) => grey > 150)?.[0];
    };
    await expect.poll(corner).toBe('top left');
    await window.keyboard.press('r');
    await expect.poll(corner).toBe('top right');
    await window.keyboard.press('h');
    await expect.poll(corner).toBe('top left');
    await expect(window.getByText('FLIPPED')).toBeVisible();
    await window.keyboard.press('v');
    await expect.poll(corner).toBe('bottom left');
    await expect(window.getByText('FLIPPED')).toBeHidden();
    await window.keyboard.press('l');
    await expect.poll(corner).toBe('bottom right');
    await window.keyboard.press('Shift+Digit0');
    await expect.poll(corner).toBe('top left');
  });

  test('one film pixel to one screen pixel is neither moved nor blurred', async ({ window, osteon }) => {
    await openFilm(window, osteon, 'lines.png', (path) => writePng8(path, FILM, (x) => (x % 2 === 0 ? 250 : 10)));
    await window.keyboard.press('x');
    await expect(film(window)).toHaveAccessibleName(/zoom 100 %/);
    const box = await film(window).boundingBox();
    const look = await lookAt(film(window));
    const across = Array.from({ length: 40 }, (_, i) => look((box?.width ?? 0) / 2 - 20 + i, (box?.height ?? 0) / 2));
    for (const [i, grey] of across.entries()) {
      expect(grey === 250 || grey === 10).toBe(true);
      if (i > 0) expect(grey).not.toBe(across[i - 1]);
    }
  });

  test('the mouse sets window and level, moves and zooms', async ({ window, osteon }) => {
    await openFilm(window, osteon, 'board.png', (path) => writePng8(path, FILM, (x, y) => (board(x, y) ? 180 : 60)));
    const box = await film(window).boundingBox();
    if (!box) throw new Error('the film is not on screen');
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const drag = async (button: 'left' | 'middle' | 'right', by: { x: number; y: number }) => {
      await window.mouse.move(middle.x, middle.y);
      await window.mouse.down({ button });
      await window.mouse.move(middle.x + by.x, middle.y + by.y, { steps: 4 });
      await window.mouse.up({ button });
    };
    const place = await fittedPlace(window, 75, 125);
    const before = (await lookAt(film(window)))(place.x, place.y);
    await drag('left', { x: 0, y: -60 });
    await expect.poll(async () => (await lookAt(film(window)))(place.x, place.y)).toBeGreaterThan(before + 20);
    await window.keyboard.press('Shift+Digit0');

    await drag('middle', { x: 40, y: 0 });
    const moved = { x: place.x + 40, y: place.y };
    await expect.poll(async () => Math.abs((await lookAt(film(window)))(moved.x, moved.y) - before)).toBeLessThan(4);

    await drag('right', { x: 0, y: -100 });
    const fit = fitted(FILM, box, upright).scale * 100;
    await expect(film(window)).toHaveAccessibleName(new RegExp(`zoom ${Math.round(fit * Math.exp(0.5))} %`));
    await window.mouse.dblclick(middle.x, middle.y);
    await expect(film(window)).toHaveAccessibleName(new RegExp(`zoom ${Math.round(fit)} %`));
  });
}
