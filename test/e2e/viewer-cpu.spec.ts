// The viewer in a browser without any WebGL: the processor draws, and everything looks the same.
import { test } from './serve.ts';
import { viewerTests } from './viewer-tests.ts';

test.use({
  launchOptions: [
    async ({ launchOptions }, use) =>
      use({ ...launchOptions, args: [...(launchOptions.args ?? []), '--disable-gpu', '--disable-3d-apis'] }),
    { scope: 'worker' },
  ],
});

viewerTests('cpu');
