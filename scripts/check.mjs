// `npm run check`: format, lint and layers, types, unused code, and that nothing of a machine stands in the repository.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './setup.mjs';
import { underRightNode } from './setup/node.mjs';
import { modules, root, runtime } from './setup/places.mjs';
import { run } from './setup/program.mjs';

/**
 * @typedef {object} Result
 * @property {string} name
 * @property {boolean} ok
 * @property {string} output
 * @property {number} seconds
 */

const cache = join(runtime, 'cache');
/** @param {string[]} parts */
const bin = (...parts) => join(modules, ...parts);

/** The slow ones first, so that the lanes end together. @type {[name: string, script: string, args: string[]][]} */
const tools = [
  ['lint and layers', bin('eslint', 'bin', 'eslint.js'), ['.', '--cache', '--cache-location', join(cache, 'eslint')]],
  [
    'types',
    bin('svelte-check', 'bin', 'svelte-check'),
    ['--tsgo', '--tsconfig', './tsconfig.json', '--fail-on-warnings', '--output', 'human'],
  ],
  [
    'format',
    bin('prettier', 'bin', 'prettier.cjs'),
    ['--check', '.', '--cache', '--cache-location', join(cache, 'prettier')],
  ],
  ['unused code', bin('knip', 'bin', 'knip.js'), ['--no-config-hints']],
  ['types of the scripts', bin('@typescript', 'native', 'bin', 'tsc'), ['-p', 'scripts']],
];

/**
 * Runs everything, as much at once as there are processors.
 * @param {(result: Result) => void} tell
 * @returns {Promise<Result[]>}
 */
export async function check(tell) {
  /** @type {Result[]} */
  const results = [];
  /** @param {string} name @param {() => Promise<{ ok: boolean, output: string }>} work */
  const take = async (name, work) => {
    const startMs = Date.now();
    const result = { name, ...(await work()), seconds: (Date.now() - startMs) / 1000 };
    results.push(result);
    tell(result);
  };
  const waiting = [...tools];
  const lane = async () => {
    for (let tool = waiting.shift(); tool; tool = waiting.shift()) {
      const [name, script, args] = tool;
      await take(name, async () => {
        const { code, output } = await run(process.execPath, [script, ...args], { cwd: root, env: { NO_COLOR: '1' } });
        return { ok: code === 0, output };
      });
    }
  };
  await take('nothing of a machine', () => Promise.resolve(checkPlaces()));
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, lane));
  return results;
}

/**
 * Text that names this machine, its user or where its packages come from has no place in the repository.
 */
function checkPlaces() {
  const registry = process.env.npm_config_registry;
  const home = homedir();
  const words = [root, join(root, '..'), registry && new URL(registry).host, home.length > 3 && home]
    .filter((word) => typeof word === 'string' && word.length > 3)
    .map((word) => String(word));
  const patterns = [/(^|[\s"'`(=])\/(home|Users)\/[a-z]/, /"resolved"\s*:/, /[A-Z]:\\Users\\/];
  /** @type {string[]} */
  const found = [];
  for (const file of files()) {
    const text = readFileSync(join(root, file), 'latin1');
    if (text.includes('\0')) continue;
    text.split('\n').forEach((line, at) => {
      const named = words.some((word) => standsIn(line, word));
      if (named || patterns.some((pattern) => pattern.test(line)))
        found.push(`${file}:${at + 1}: ${line.trim().slice(0, 120)}`);
    });
  }
  return { ok: found.length === 0, output: found.join('\n') };
}

/**
 * Whether a path or a name stands there by itself: a folder called /home must forbid neither /homes nor ./home.ts.
 * @param {string} line @param {string} word
 */
function standsIn(line, word) {
  const parts = line.split(word);
  return parts.slice(1).some((after, place) => !/^[\w-]/.test(after) && !/[\w.]$/.test(parts[place] ?? ''));
}

/** Files under version control; none where this is not a repository. */
function files() {
  try {
    const listed = execFileSync('git', ['ls-files', '-z'], {
      cwd: root,
      maxBuffer: 1e8,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return listed.toString().split('\0').filter(Boolean);
  } catch {
    return [];
  }
}

/** @param {Result} result */
export function tellResult({ name, ok, output, seconds }) {
  process.stdout.write(`${ok ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s)\n`);
  if (!ok) process.stdout.write(`${output.trim().replaceAll(/^/gm, '    ')}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await underRightNode();
  await setUp([]);
  const results = await check(tellResult);
  process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
}
