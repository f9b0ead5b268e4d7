// Which of the backend's three binaries a process loads, seen where they are read from the disk.
import fs from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { loadEngine } from '#core/cnn/engine.ts';

it('is the one with SIMD, and the engine says so', async () => {
  const readFile = vi.spyOn(fs, 'readFile');
  const readFileSync = vi.spyOn(fs, 'readFileSync');
  const { sentence } = await loadEngine('wasm');
  const files = [...readFile.mock.calls, ...readFileSync.mock.calls].map(([file]) => path.basename(String(file)));
  expect(files.filter((file) => file.endsWith('.wasm'))).toEqual(['tfjs-backend-wasm-simd.wasm']);
  expect(sentence).toMatch(/^TensorFlow as WebAssembly, SIMD, one thread: /);
});
