// What users install, as far as electron-builder gets without the tools that wrap it up: its own check of every
// configuration, and all that goes into the Linux packages. Must not need the application to be built.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Arch, Platform, build } from 'app-builder-lib';
import type { Configuration } from 'app-builder-lib';
import { validateConfiguration } from 'app-builder-lib/out/util/config/config.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readBuilder } from './checklist.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'osteon-test-'));
  mkdirSync(join(folder, 'app', 'resources'), { recursive: true });
  writeFileSync(join(folder, 'app', 'osteon'), '');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const configuration = () => readBuilder() as unknown as Configuration;
const check = (config: object) => validateConfiguration(config, { isEnabled: false } as never);

/** Lets electron-builder build a Linux package of an empty application until it calls the tool that wraps it up. */
async function linux<Given>(target: 'deb' | 'AppImage', read: (given: Given) => void): Promise<void> {
  let reached = false;
  await build({
    targets: Platform.LINUX.createTarget([target], Arch.x64),
    projectDir: process.cwd(),
    prepackaged: join(folder, 'app'),
    publish: 'never',
    config: { directories: { output: join(folder, 'out') } },
    effectiveOptionComputed: (given) => {
      reached = true;
      read(given as Given);
      return Promise.resolve(true);
    },
  });
  expect(reached).toBe(true);
}

/** Values of a desktop entry by key. */
function entryOf(desktop: string): Record<string, string> {
  const lines = desktop.split('\n').filter((line) => line.includes('='));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

describe('installers', () => {
  test('have a configuration that electron-builder takes', async () => {
    await expect(check(configuration())).resolves.toBeUndefined();
    expect(configuration()).toMatchObject({
      linux: { target: ['AppImage', 'deb'] },
      mac: { target: ['dmg', 'zip'] },
      win: { target: ['nsis'] },
    });
  });

  test.each(['linux', 'appImage', 'deb', 'mac', 'dmg', 'win', 'nsis'] as const)(
    'would not have one with a word in %s that means nothing',
    async (part) => {
      const config = configuration();
      const wrong = { ...config, [part]: { ...(config[part] ?? {}), oneclick: true } };
      await expect(check(wrong)).rejects.toThrow(`configuration.${part}`);
    },
  );

  test('for Debian have an address, a maintainer, and a place for every file', async () => {
    await linux<[args: string[], desktopFile: string]>('deb', ([args, desktopFile]) => {
      const value = (option: string) => args[args.indexOf(option) + 1];
      const { homepage } = (configuration() as { extraMetadata: { homepage: string } }).extraMetadata;
      expect(value('--url')).toBe(homepage);
      expect(value('--maintainer')).toMatch(/^Osteon <.+@.+>$/);
      expect(value('--license')).toBe('MIT');
      const places = Object.fromEntries(
        args.filter((arg) => arg.includes('=/')).map((arg) => arg.split('=').reverse()),
      );
      expect(places).toHaveProperty(['/opt/Osteon']);
      expect(places).toHaveProperty(['/usr/share/applications/osteon.desktop'], desktopFile);
      expect(Object.keys(places)).toContainEqual(expect.stringMatching(/^\/usr\/share\/icons\/.*\/osteon\.png$/));
      const types = readFileSync(places['/usr/share/mime/packages/osteon.xml'] as string, 'utf8');
      expect(types.match(/<glob pattern="[^"]*"\/>/g)).toEqual(['<glob pattern="*.dcm"/>']);
      const entry = entryOf(readFileSync(desktopFile, 'utf8'));
      expect(entry).toMatchObject({ MimeType: 'application/dicom;', Exec: '/opt/Osteon/osteon %U' });
      expect(entry['StartupWMClass']).toBe('osteon');
    });
  }, 300_000);

  test('that are an AppImage start with the sandbox', async () => {
    await linux<{ desktop: string }>('AppImage', ({ desktop }) => {
      expect(entryOf(desktop)).toMatchObject({ Exec: 'AppRun %U', MimeType: 'application/dicom;' });
    });
  }, 300_000);
});
