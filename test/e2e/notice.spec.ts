// L5 of the trust plan, in the window: "not a medical device" stands on every page, and in full beside every result.
import { NOTICE } from '#api/notice.ts';
import { expect, test } from './serve.ts';

const pages = ['library', 'read', 'train', 'results', 'classify', 'network', 'camera', 'settings'];

test.use({ films: 60 });

test('every page says that this is not a medical device, in wide and in narrow windows', async ({ window, osteon }) => {
  osteon.command('train', '--epochs', '1');
  await window.reload();
  for (const size of [
    { width: 1440, height: 900 },
    { width: 1024, height: 700 },
  ]) {
    await window.setViewportSize(size);
    for (const name of pages) {
      await window.evaluate((page) => (location.hash = page), name);
      await expect(window.getByText('Not a medical device', { exact: true }), name).toBeInViewport();
    }
  }
  await window.setViewportSize({ width: 1440, height: 900 });
  await window.evaluate(() => (location.hash = 'results'));
  await expect(window.getByRole('heading', { level: 1 })).toContainText('judging films');
  await expect(window.getByText(NOTICE).first()).toBeVisible();
  await window.evaluate(() => (location.hash = 'settings'));
  const about = window.getByText(NOTICE).first();
  await about.scrollIntoViewIfNeeded();
  await expect(about).toBeVisible();
});
