// The seven fuses of every build, as electron-builder sets them: flipped into a program by its own code and read back.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FuseState, FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } from '@electron/fuses';
import type { FuseV1Config } from '@electron/fuses';
import { PlatformPackager } from 'app-builder-lib';
import { afterEach, describe, expect, test } from 'vitest';
import { readBuilder } from './checklist.ts';

const wanted: [fuse: FuseV1Options, name: string, state: FuseState][] = [
  [FuseV1Options.RunAsNode, 'runAsNode', FuseState.DISABLE],
  [FuseV1Options.EnableCookieEncryption, 'enableCookieEncryption', FuseState.ENABLE],
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable, 'enableNodeOptionsEnvironmentVariable', FuseState.DISABLE],
  [FuseV1Options.EnableNodeCliInspectArguments, 'enableNodeCliInspectArguments', FuseState.DISABLE],
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, 'enableEmbeddedAsarIntegrityValidation', FuseState.ENABLE],
  [FuseV1Options.OnlyLoadAppFromAsar, 'onlyLoadAppFromAsar', FuseState.ENABLE],
  [FuseV1Options.GrantFileProtocolExtraPrivileges, 'grantFileProtocolExtraPrivileges', FuseState.DISABLE],
];

/** Electron as it comes: each of these fuses the other way round. Its fuses stand behind this mark in the program. */
const MARK = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSES = 8;

let folder = '';
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Flips the fuses of a program as electron-builder does, and reads them back. */
async function wireFor(fuses: Record<string, unknown>) {
  folder = mkdtempSync(join(tmpdir(), 'osteon-test-'));
  const program = join(folder, 'osteon');
  const wire = Buffer.from([1, FUSES, ...new Array<number>(FUSES).fill(FuseState.ENABLE)]);
  for (const [fuse, , state] of wanted) {
    wire[2 + fuse] = state === FuseState.ENABLE ? FuseState.DISABLE : FuseState.ENABLE;
  }
  writeFileSync(program, Buffer.concat([Buffer.from(`...${MARK}`), wire, Buffer.from('...')]));
  const prototype = PlatformPackager.prototype as unknown as {
    generateFuseConfig(fuses: object): Promise<FuseV1Config>;
  };
  await flipFuses(program, await prototype.generateFuseConfig(fuses));
  return getCurrentFuseWire(program);
}

describe('fuses', () => {
  test('there are seven, and every build has them', async () => {
    const { electronFuses } = readBuilder();
    expect(Object.keys(electronFuses).sort()).toEqual(wanted.map(([, name]) => name).sort());
    const wire = await wireFor(electronFuses);
    expect(wire.version).toBe(FuseVersion.V1);
    for (const [fuse, name, state] of wanted) expect(wire[fuse], name).toBe(state);
  });

  test.each(wanted)('without %s (%s) the assertion fails', async (fuse, name, state) => {
    const { [name]: _taken, ...rest } = readBuilder().electronFuses;
    const wire = await wireFor(rest);
    expect(() => expect(wire[fuse]).toBe(state)).toThrow();
    for (const [other, , otherState] of wanted) if (other !== fuse) expect(wire[other]).toBe(otherState);
  });
});
