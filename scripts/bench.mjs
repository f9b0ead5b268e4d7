// `npm run bench -- training`: Osteon's engines and Keras train the same network in turn on this computer; the figures go
// into docs/benchmarks.md. `--rounds 3 --sizes 28,64,128`. Python is needed for the peer only; its packages stay in .runtime.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setUp } from './setup.mjs';
import { underRightNode } from './setup/node.mjs';
import { root, runtime } from './setup/places.mjs';
import { findProgram, run } from './setup/program.mjs';

await underRightNode();
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' }, sizes: { type: 'string', default: '28,64,128' } },
});
if (positionals[0] !== 'training') {
  process.stderr.write('npm run bench -- training [--rounds 3] [--sizes 28,64,128]\n');
  process.exit(2);
}

const tensorflowVersion = '2.21.0';
const minutes = 60_000;
/** Steps an epoch, whole calls of the compiled step; seconds at most. @type {Record<number, number>} */
const batchesAt = { 28: 40, 64: 10, 128: 4 };
const epochs = 5;

/** @typedef {{ imagesPerSecond: number, peakMb: number, peakGflops?: number, share?: number, sentence?: string }} Measured */
/** @typedef {{ name: string, command: (size: number, batches: number) => string[] }} Runner */

await setUp(['tensorflow']);
const python = await providePython();
/** @param {string} engine @param {string} precision @returns {Runner['command']} */
const osteon = (engine, precision) => (size, batches) => [
  process.execPath,
  join(root, 'test', 'bench', 'train-once.ts'),
  ...[engine, size, precision, batches, epochs].map(String),
];
/** @param {string} precision @returns {Runner['command']} */
const keras = (precision) => (size, batches) => [
  python,
  join(root, 'test', 'bench', 'keras-once.py'),
  ...[size, precision, batches, epochs].map(String),
];
/** Without these instructions bfloat16 is emulated, and says nothing. */
const hasBfloat16 = existsSync('/proc/cpuinfo') && /avx512_bf16|amx_bf16/.test(readFileSync('/proc/cpuinfo', 'latin1'));
/** @type {Runner[]} */
const runners = [
  { name: 'Osteon, compiled, float32', command: osteon('graph', 'float32') },
  { name: 'Keras, float32', command: keras('float32') },
  ...(hasBfloat16
    ? [
        { name: 'Osteon, compiled, bfloat16', command: osteon('graph', 'bfloat16') },
        { name: 'Keras, mixed_bfloat16', command: keras('bfloat16') },
      ]
    : []),
  { name: 'Osteon, layer by layer', command: osteon('layers', 'float32') },
];

/** @type {Map<string, Measured[]>} */
const measured = new Map();
/** Other work on the computer slows all engines, and unevenly. */
const loads = [loadavg()[0] ?? 0];
const sizes = values.sizes.split(',').map(Number);
for (const size of sizes) {
  for (let round = 1; round <= Number(values.rounds); round++) {
    for (const { name, command } of runners) {
      const figures = await once(command(size, batchesAt[size] ?? 6));
      const key = `${size} ${name}`;
      measured.set(key, [...(measured.get(key) ?? []), figures]);
      process.stdout.write(`${size} px, round ${round}, ${name}: ${figures.imagesPerSecond.toFixed(0)} films/s\n`);
    }
  }
}
loads.push(loadavg()[0] ?? 0);
const report = reportOf();
writeFileSync(join(root, 'docs', 'benchmarks.md'), report);
process.stdout.write(`\n${report}`);

/** A Python with Keras, kept in .runtime. */
async function providePython() {
  const folder = join(runtime, 'bench-python');
  const program = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (existsSync(join(folder, 'ready'))) return program;
  const own = findProgram(['python3', 'python']);
  if (!own) throw new Error('Keras, the peer, needs Python 3');
  mkdirSync(runtime, { recursive: true });
  process.stdout.write('Installing Keras beside, for the comparison only ...\n');
  for (const [command, ...args] of [
    [own, '-m', 'venv', folder],
    [program, '-m', 'pip', 'install', '--quiet', `tensorflow-cpu==${tensorflowVersion}`],
  ]) {
    const ended = await run(String(command), args, { cwd: root, limitMs: 30 * minutes });
    if (ended.code !== 0) throw new Error(`Keras could not be installed: ${ended.output.slice(-300)}`);
  }
  writeFileSync(join(folder, 'ready'), tensorflowVersion);
  return program;
}

/** @param {string[]} command @returns {Promise<Measured>} */
async function once([program = '', ...args]) {
  const ended = await run(program, args, { cwd: root, limitMs: 10 * minutes });
  const line = ended.output.split('\n').find((text) => text.startsWith('{'));
  if (ended.code !== 0 || !line) throw new Error(`${args.join(' ')}: ${ended.output.slice(-500)}`);
  return JSON.parse(line);
}

/** @param {number[]} numbers */
function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** Ratio of each round's pair, which ran one after the other. @param {string} a @param {string} b */
function ratio(a, b) {
  const [one, other] = [measured.get(a) ?? [], measured.get(b) ?? []];
  return median(
    one.map(({ imagesPerSecond }, round) => imagesPerSecond / (other[round]?.imagesPerSecond ?? Number.NaN)),
  );
}

function reportOf() {
  const rows = sizes.flatMap((size) =>
    runners.map(({ name }) => {
      const figures = measured.get(`${size} ${name}`) ?? [];
      const speed = median(figures.map(({ imagesPerSecond }) => imagesPerSecond));
      const memory = median(figures.map(({ peakMb }) => peakMb));
      const share = median(figures.map((one) => one.share ?? Number.NaN));
      const against = ratio(`${size} ${name}`, `${size} Keras, float32`);
      const part = Number.isNaN(share) ? '' : `${(100 * share).toFixed(0)} %`;
      return `| ${size} | ${name} | ${speed.toFixed(0)} | ${against.toFixed(2)} | ${part} | ${memory.toFixed(0)} |`;
    }),
  );
  const bars = sizes.flatMap((size) => {
    const bar = size === 28 ? 1.2 : 1;
    const full = ratio(`${size} Osteon, compiled, float32`, `${size} Keras, float32`);
    const lines = [barInWords(`${size} px, float32`, full, bar)];
    if (!hasBfloat16) return lines;
    const short = `${size} Osteon, compiled, bfloat16`;
    const peer = ratio(short, `${size} Keras, mixed_bfloat16`);
    const fast = ratio(short, `${size} Keras, float32`);
    lines.push(barInWords(`${size} px, bfloat16`, peer, 1.2));
    lines.push(barInWords(`${size} px, bfloat16 against float32`, fast, size === 28 ? 1.5 : 2));
    return lines;
  });
  const flags = [...measured.values()].flat().find(({ sentence }) => sentence)?.sentence ?? '';
  return [
    '# Benchmarks',
    '',
    '## Training',
    '',
    `Written by \`npm run bench -- training --rounds ${values.rounds} --sizes ${values.sizes}\`. Paper preset, Adam, batches of 32, films`,
    `of noise; each figure the median of ${values.rounds} processes that ran in turn, each the median of its epochs after the first.`,
    `"against Keras" is the median of the ratios of neighbours. "of peak" is the share of the best float32 matrix product of`,
    '1024 by 1024 measured in the same process. Memory is the largest resident set of the process.',
    '',
    `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores. ${flags}.`,
    `Load of the computer before and after: ${loads.map((load) => load.toFixed(1)).join(' and ')}; above its cores, it was shared and only the ratios can be read.`,
    '',
    '| px | engine | films/s | against Keras float32 | of peak | MB |',
    '| ---: | --- | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    ...bars.map((line) => `- ${line}`),
    ...(hasBfloat16 ? [] : ['- bfloat16 was not measured: this processor does not multiply in it.']),
    '',
  ].join('\n');
}

/** @param {string} what @param {number} reached @param {number} bar */
function barInWords(what, reached, bar) {
  const verdict = reached >= bar ? 'reached' : `missed by ${(bar - reached).toFixed(2)}`;
  return `${what}: ${reached.toFixed(2)} times Keras, wanted ${bar.toFixed(1)}: ${verdict}`;
}
