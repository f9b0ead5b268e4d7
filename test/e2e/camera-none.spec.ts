// The Camera page on a computer without a camera.
import { expect, expectAccessible, test } from './serve.ts';

test.use({
  launchOptions: [
    async ({ launchOptions }, use) =>
      use({ ...launchOptions, args: launchOptions.args?.filter((arg) => !arg.startsWith('--use-fake-device')) ?? [] }),
    { scope: 'worker' },
  ],
});

test('says that there is none, and what else one can do', async ({ window, context }) => {
  await context.grantPermissions(['camera']);
  await window
    .getByRole('button', { name: /camera/i })
    .first()
    .click();
  await expect(window.getByRole('alert')).toContainText('No camera was found on this computer.');
  await expectAccessible(window);
  await window.getByRole('button', { name: 'Open a file instead' }).click();
  await expect(window.getByRole('link', { name: 'Classify' })).toHaveAttribute('aria-current', 'page');
});
