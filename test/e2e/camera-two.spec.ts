// The Camera page on a computer with two cameras: either can be chosen, and the other is let go of.
import { expect, expectAccessible, test } from './serve.ts';

test.use({
  launchOptions: [
    async ({ launchOptions }, use) => {
      const args = launchOptions.args?.filter((arg) => !arg.startsWith('--use-fake-device')) ?? [];
      await use({ ...launchOptions, args: [...args, '--use-fake-device-for-media-stream=device-count=2'] });
    },
    { scope: 'worker' },
  ],
});

test('the camera is chosen from a list, and its picture is what is taken', async ({ window, context }) => {
  await context.grantPermissions(['camera']);
  await window
    .getByRole('button', { name: /camera/i })
    .first()
    .click();
  const take = window.getByRole('button', { name: /^Take a picture/ });
  await expect(take).toBeEnabled();
  const shown = () =>
    window.locator('video').evaluate((video: HTMLVideoElement) => {
      const [track] = (video.srcObject as MediaStream).getVideoTracks();
      return { device: track?.getSettings().deviceId, state: track?.readyState };
    });
  const first = await shown();
  const list = window.getByRole('combobox', { name: /^Camera/ });
  await list.click();
  await expect(window.getByRole('option')).toHaveCount(2);
  const other = window.getByRole('option', { selected: false });
  const name = await other.innerText();
  await other.click();
  await expect(list).toHaveAccessibleName(new RegExp(name.trim()));
  await expect.poll(async () => (await shown()).device).not.toBe(first.device);
  expect(await shown()).toMatchObject({ state: 'live' });
  await expect(take).toBeEnabled();
  await expectAccessible(window);
  await take.click();
  await expect(window.getByRole('img', { name: 'The film as it will be kept' })).toBeVisible();
});
