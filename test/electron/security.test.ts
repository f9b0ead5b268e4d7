// Electron's checklist, point by point, on the product's own main process and preload script; each with its mutant.
// The seven fuses of point 19 stand in fuses.test.ts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { points, readBuilder, readPackage, readSources } from './checklist.ts';
import type { Evidence, Mutation } from './checklist.ts';
import { fakeElectron, startMain, startPreload } from './fake-electron.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'osteon-test-'));
  vi.stubEnv('OSTEON_HOME', home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  rmSync(home, { recursive: true, force: true });
});

async function gather({ ignored = [], mocks = {}, webPreferences, evidence }: Mutation = {}): Promise<Evidence> {
  const changed = webPreferences && {
    '#electron/security.ts': async () => {
      const real = await vi.importActual<{ webPreferences: object }>('#electron/security.ts');
      return { ...real, webPreferences: { ...real.webPreferences, ...webPreferences } };
    },
  };
  const gathered: Evidence = {
    main: await startMain(fakeElectron({ ignored }), { ...mocks, ...changed }),
    preload: await startPreload(fakeElectron()),
    sources: readSources(),
    packageFile: readPackage(),
    builder: readBuilder(),
  };
  return evidence ? evidence(gathered) : gathered;
}

describe('Electron’s checklist', () => {
  test('has its twenty points', () => {
    expect(points.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });
  for (const { number, title, holds, mutants } of points) {
    test(`${number}. ${title}`, async () => {
      await holds(await gather());
    });
    test.each(mutants)(`${number}. its assertion fails on the product without it`, async (mutant) => {
      const mutated = await gather(mutant);
      await expect((async () => holds(mutated))()).rejects.toMatchObject({ name: 'AssertionError' });
    });
  }
});
