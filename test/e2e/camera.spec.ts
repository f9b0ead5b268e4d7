// The Camera page, before the browser's own drawn camera: still, corners, library; and refusal in words.
import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './serve.ts';

async function openCamera(window: Page): Promise<void> {
  await window
    .getByRole('button', { name: /camera/i })
    .first()
    .click();
}

test('takes a picture, straightens it by its corners and takes it into the library', async ({
  window,
  osteon,
  context,
}) => {
  await context.grantPermissions(['camera']);
  await openCamera(window);
  const take = window.getByRole('button', { name: /^Take a picture/ });
  await expect(take).toBeEnabled();
  await expectAccessible(window);
  await window.keyboard.press('Space');

  const picture = window.getByRole('complementary', { name: 'Picture' });
  await expect(picture.getByRole('img', { name: 'The film as it will be kept' })).toBeVisible();
  const size = picture.getByText(/\d+ × [\d,]+ px/);
  const before = await size.innerText();
  const corner = window.getByRole('button', { name: /^Corner top left/ });
  await corner.focus();
  for (let i = 0; i < 5; i++) await window.keyboard.press('Shift+ArrowRight');
  await expect(size).not.toHaveText(before);

  // Across the opposite corner it frames nothing any more, and says so.
  const opposite = await window.getByRole('button', { name: /^Corner bottom right/ }).boundingBox();
  const at = await corner.boundingBox();
  if (!opposite || !at) throw new Error('no corners');
  const dragTo = async (x: number, y: number) => {
    const now = await corner.boundingBox();
    if (!now) throw new Error('no corner');
    await window.mouse.move(now.x + 16, now.y + 16);
    await window.mouse.down();
    await window.mouse.move(x, y, { steps: 5 });
    await window.mouse.up();
  };
  await dragTo(opposite.x + 10, opposite.y + 40);
  await expect(picture.getByRole('alert')).toContainText('The four corners do not frame a film.');
  await expect(picture.getByRole('button', { name: 'Into the library' })).toBeDisabled();
  await dragTo(at.x + 16, at.y + 16);
  await expect(picture.getByRole('img', { name: 'The film as it will be kept' })).toBeVisible();
  await expectAccessible(window);

  await picture.getByLabel('Patient').fill('case 7');
  await picture.getByRole('button', { name: 'Into the library' }).click();
  await expect(window.getByText('In the library as film 1')).toBeVisible();
  const [film] = osteon.command('list') as { file: string; patient: string; label: string | null }[];
  expect(film?.file).toMatch(/^camera-/);
  expect(film?.label).toBeNull();
  await window.getByRole('button', { name: 'Open in Read' }).click();
  await expect(window.getByRole('application')).toHaveAccessibleName(/camera-.*zoom/);
});

test('lets go of the camera when one leaves the page', async ({ window, context }) => {
  await context.grantPermissions(['camera']);
  await window.evaluate(() => {
    const devices = navigator.mediaDevices;
    const ask = devices.getUserMedia.bind(devices);
    const given: MediaStream[] = [];
    Object.assign(globalThis, { given });
    devices.getUserMedia = async (wish) => {
      const stream = await ask(wish);
      given.push(stream);
      return stream;
    };
  });
  const states = () =>
    window.evaluate(() =>
      (globalThis as unknown as { given: MediaStream[] }).given.flatMap((stream) =>
        stream.getTracks().map((track) => track.readyState),
      ),
    );
  await openCamera(window);
  await expect(window.getByRole('button', { name: /^Take a picture/ })).toBeEnabled();
  expect(await states()).toEqual(['live']);
  await window.getByRole('link', { name: 'Library', exact: true }).click();
  await expect.poll(states).toEqual(['ended']);
});

test('says what to do where the camera is refused', async ({ window }) => {
  await openCamera(window);
  await expect(window.getByRole('alert')).toContainText('Osteon may not use the camera.');
  await expect(window.getByRole('alert')).toContainText('Allow the camera for this window');
  await expectAccessible(window);
});
