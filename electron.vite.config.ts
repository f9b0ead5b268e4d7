// How the desktop application is built: main, core and children for Node, preload and window for the browser.
import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

const here = import.meta.dirname;
/** A release knows nothing of running the core under another Node. */
const development = process.env['OSTEON_BUILD'] !== 'release';

export default defineConfig({
  main: {
    define: { __DEVELOPMENT__: JSON.stringify(development) },
    build: {
      outDir: 'out/main',
      emptyOutDir: true,
      externalizeDeps: true,
      rollupOptions: {
        input: {
          main: resolve(here, 'electron/main.ts'),
          core: resolve(here, 'electron/core.ts'),
          decode: resolve(here, 'core/children/decode.ts'),
          tensorflow: resolve(here, 'core/children/tensorflow.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      emptyOutDir: true,
      rollupOptions: {
        input: { preload: resolve(here, 'electron/preload.ts') },
        // A sandboxed preload is CommonJS and stands alone.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [svelte({ configFile: resolve(here, 'svelte.config.js') })],
    build: {
      outDir: resolve(here, 'out/renderer'),
      emptyOutDir: true,
      rollupOptions: { input: resolve(here, 'renderer/index.html') },
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 5000,
    },
  },
});
