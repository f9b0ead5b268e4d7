// Builds the desktop application for Electron 22 (test builds only): the product's own build, for older engines, with what
// they lack put back. The core is the product's own too: it runs under Node 24 and is copied as it was built.
import { resolve } from 'node:path';
import { defineConfig } from 'electron-vite';
import type { UserConfig } from 'electron-vite';
import product from '../../../electron.vite.config.ts';

const here = resolve('test/electron/electron-22');
const out = resolve('out/electron-22');
const { main, preload, renderer } = product as Required<UserConfig>;

/** Puts a file of ours where the product imports 'electron'; that file gets the real one by itself. */
function inPlaceOfElectron(file: string) {
  return {
    name: 'in-place-of-electron',
    enforce: 'pre' as const,
    transform: (code: string, id: string) =>
      id.startsWith(resolve('electron')) ? code.replaceAll("from 'electron'", `from '${resolve(here, file)}'`) : null,
  };
}

const putBack = {
  name: 'put-back-what-the-page-lacks',
  transform: (code: string, id: string) =>
    id.endsWith('/renderer/main.ts') ? `import ${JSON.stringify(resolve(here, 'page.ts'))};\n${code}` : null,
};

export default defineConfig({
  main: {
    ...main,
    plugins: [inPlaceOfElectron('main.ts')],
    build: {
      outDir: resolve(out, 'main'),
      emptyOutDir: true,
      target: 'node16',
      externalizeDeps: false,
      rollupOptions: {
        input: { main: resolve('electron/main.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  preload: {
    ...preload,
    plugins: [inPlaceOfElectron('preload.ts')],
    build: { ...preload.build, outDir: resolve(out, 'preload'), target: 'node16' },
  },
  renderer: {
    ...renderer,
    plugins: [...(renderer.plugins ?? []), putBack],
    build: { ...renderer.build, outDir: resolve(out, 'renderer'), target: 'chrome108', cssTarget: 'chrome108' },
  },
});
