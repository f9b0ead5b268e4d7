import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // State classes of the window (x.svelte.ts) are compiled before they are tested.
  plugins: [svelte()],
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', 'node_modules/**'],
    pool: 'forks',
    // What a first training measures of a computer would be of one that tests.
    env: { OSTEON_CALIBRATE: 'no' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
