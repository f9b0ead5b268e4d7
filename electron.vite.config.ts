// How the desktop application is built: main, core and children for Node, preload and window for the browser.
// `OSTEON_BUILD=release` makes what users get; anything else may be developed and tested with. Runs in the repository's root.
import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';
import packageFile from './package.json' with { type: 'json' };

/** A release knows nothing of running the core under another Node. */
const development = process.env['OSTEON_BUILD'] !== 'release';

/** Native code and WebAssembly that find their own files: they stay packages. Everything else goes into the bundles. */
const packages = [
  'better-sqlite3',
  'sharp',
  '@tensorflow/tfjs-node',
  '@tensorflow/tfjs-backend-wasm',
  '@cornerstonejs/codec-charls',
  '@cornerstonejs/codec-openjpeg',
];

export default defineConfig({
  main: {
    define: { __DEVELOPMENT__: JSON.stringify(development) },
    build: {
      outDir: 'out/main',
      emptyOutDir: true,
      externalizeDeps: { exclude: Object.keys(packageFile.dependencies).filter((name) => !packages.includes(name)) },
      rollupOptions: {
        input: {
          main: resolve('electron/main.ts'),
          core: resolve('electron/core.ts'),
          decode: resolve('core/children/decode.ts'),
          tensorflow: resolve('core/children/tensorflow.ts'),
        },
        // All in one folder: code that asks where it runs gets the same answer in every file.
        output: { chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      emptyOutDir: true,
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: resolve('electron/preload.ts') },
        // A sandboxed preload is CommonJS and stands alone.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [svelte({ configFile: resolve('svelte.config.js') })],
    build: {
      outDir: resolve('out/renderer'),
      emptyOutDir: true,
      rollupOptions: { input: resolve('renderer/index.html') },
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 5000,
    },
  },
});
