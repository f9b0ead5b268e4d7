// The end-to-end tests: the window in an installed browser, the desktop application, and the packed desktop application.
import { defineConfig } from '@playwright/test';
import { findBrowser } from '#cli/server/browser.ts';
import type { DesktopOptions } from '#test/electron/desktop.ts';

// What a first training measures of a computer would be of one that tests.
process.env['OSTEON_CALIBRATE'] = 'no';

const desktop = /electron.*\.spec\.ts/;
const asRoot = process.getuid?.() === 0;
const browser = findBrowser()?.path;

export default defineConfig<DesktopOptions>({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  // Two processors have enough to do with one window, a server and a training.
  workers: 1,
  // Long enough for a computer that has much else to do: only what never comes takes so long.
  timeout: 300_000,
  expect: { timeout: 45_000 },
  forbidOnly: Boolean(process.env['CI']),
  reporter: 'list',
  use: { screenshot: 'only-on-failure', trace: 'retain-on-failure' },
  projects: [
    {
      name: 'browser',
      testIgnore: desktop,
      use: {
        browserName: 'chromium',
        viewport: { width: 1440, height: 900 },
        launchOptions: {
          ...(browser ? { executablePath: browser } : {}),
          args: [
            ...(asRoot ? ['--no-sandbox'] : []),
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-domain-reliability',
            '--disable-sync',
            '--no-first-run',
            '--use-fake-device-for-media-stream',
          ],
        },
      },
    },
    { name: 'electron', testMatch: desktop },
    { name: 'packed', testMatch: /electron-app\.spec\.ts/, use: { packed: true } },
  ],
});
