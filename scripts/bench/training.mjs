// `npm run bench -- training`: Osteon's engines and Keras train the same networks in turn; writes docs/benchmarks.md.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { provideKeras } from '../keras-python.mjs';
import { setUp } from '../setup.mjs';
import { root } from '../setup/places.mjs';
import { ask, median } from './measure.mjs';

const usage = 'npm run bench -- training [--presets paper,osteon] [--rounds 3] [--sizes 28,64,128]\n';
const minutes = 60_000;
const epochs = 4;
const longEpochs = 50;
const plain = 'paper';

/**
 * @typedef {{ imagesPerSecond: number, peakMb: number, growthMb?: number, share?: number, sentence?: string }} Measured
 * @typedef {{ name: string, folder: string, batches: number }} Network
 * @typedef {{ name: string, commands: (network: Network, size: number) => string[][] }} Runner
 */

/** @param {string[]} args */
export async function bench(args) {
  const { values } = parseArgs({
    args,
    options: {
      presets: { type: 'string', default: '' },
      rounds: { type: 'string', default: '3' },
      sizes: { type: 'string', default: '28,64,128' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(usage);
  await setUp(['tensorflow']);
  const keras = await provideKeras();
  if ('why' in keras) throw new Error(`Keras, the peer, cannot be had: ${keras.why}`);
  const python = keras.program;
  const sizes = values.sizes.split(',').map(Number);
  const rounds = Number(values.rounds);
  const folder = mkdtempSync(join(tmpdir(), 'osteon-bench-'));
  const loads = [loadavg()[0] ?? 0];
  /** @type {Map<string, Measured[]>} */
  const measured = new Map();
  try {
    for (const size of sizes) {
      for (const network of await networks(folder, size, values.presets)) {
        for (let round = 1; round <= rounds; round++) {
          for (const { name, commands } of runners(python, network.name)) {
            const figures = await fastest(commands(network, size));
            const key = `${size} ${network.name} ${name}`;
            measured.set(key, [...(measured.get(key) ?? []), figures]);
            const speed = figures.imagesPerSecond.toFixed(0);
            process.stdout.write(`${network.name}, ${size} px, round ${round}, ${name}: ${speed} films/s\n`);
          }
        }
      }
    }
    const [smallest = 28] = sizes;
    const long = await ask(once(plain, 'graph', smallest, 'float32', 40, longEpochs), 10 * minutes);
    loads.push(loadavg()[0] ?? 0);
    const command = `npm run bench -- training --rounds ${rounds} --sizes ${values.sizes}${values.presets ? ` --presets ${values.presets}` : ''}`;
    const report = reportOf(command, rounds, sizes, measured, { size: smallest, ...long }, loads);
    writeFileSync(join(root, 'docs', 'benchmarks.md'), report);
    process.stdout.write(`\n${report}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The networks as a run would begin with them, saved for the peer. @param {string} folder @param {number} size @param {string} presets @returns {Promise<Network[]>} */
async function networks(folder, size, presets) {
  const program = join(root, 'test', 'bench', 'save-networks.ts');
  const { saved } = await ask([process.execPath, program, join(folder, String(size)), String(size), presets], minutes);
  return saved;
}

/** @param {string} preset @param {string} engine @param {number} size @param {string} precision @param {number} batches @param {number} count */
function once(preset, engine, size, precision, batches, count) {
  const program = join(root, 'test', 'bench', 'train-once.ts');
  return [process.execPath, program, preset, engine, size, precision, batches, count].map(String);
}

/** Without these instructions bfloat16 is emulated, and says nothing. */
const hasBfloat16 = existsSync('/proc/cpuinfo') && /avx512_bf16|amx_bf16/.test(readFileSync('/proc/cpuinfo', 'latin1'));
const [compiled, keras, shortCompiled, shortKeras, layers, wasm] = [
  'Osteon, compiled, float32',
  'Keras, float32',
  'Osteon, compiled, bfloat16',
  'Keras, mixed_bfloat16',
  'Osteon, layer by layer',
  'Osteon, WebAssembly',
];

/** @param {string[][]} commands @returns {Promise<Measured>} */
async function fastest(commands) {
  /** @type {Measured[]} */
  const measured = [];
  for (const command of commands) measured.push(await ask(command, 10 * minutes));
  return /** @type {Measured} */ (measured.sort((a, b) => b.imagesPerSecond - a.imagesPerSecond)[0]);
}

/** Neighbours are compared: they run one after the other. @param {string} python @param {string} preset @returns {Runner[]} */
function runners(python, preset) {
  /** @param {string} name @param {string} engine @param {string} precision @returns {Runner} */
  const osteon = (name, engine, precision) => ({
    name,
    commands: ({ batches }, size) => [once(preset, engine, size, precision, batches, epochs)],
  });
  /** Compiled by XLA, as Keras does by itself, and without: which is faster changes with the network. @param {string} name @param {string} precision @returns {Runner} */
  const peerOf = (name, precision) => ({
    name,
    commands: ({ folder, batches }) =>
      ['xla', 'plain'].map((way) =>
        [python, join(root, 'test', 'bench', 'keras-once.py'), folder, precision, batches, epochs, way].map(String),
      ),
  });
  return [
    osteon(compiled, 'graph', 'float32'),
    peerOf(keras, 'float32'),
    ...(hasBfloat16 ? [osteon(shortCompiled, 'graph', 'bfloat16'), peerOf(shortKeras, 'bfloat16')] : []),
    ...(preset === plain ? [osteon(layers, 'layers', 'float32'), osteon(wasm, 'wasm', 'float32')] : []),
  ];
}

/**
 * @param {string} command @param {number} rounds @param {number[]} sizes @param {Map<string, Measured[]>} measured
 * @param {Measured & { size: number }} long @param {number[]} loads
 */
function reportOf(command, rounds, sizes, measured, long, loads) {
  const presets = [...new Set([...measured.keys()].map((key) => key.split(' ')[1] ?? ''))];
  /** @param {number} size @param {string} preset @param {string} name */
  const figures = (size, preset, name) => measured.get(`${size} ${preset} ${name}`) ?? [];
  /** Median of the ratios of neighbours. @param {number} size @param {string} preset @param {string} a @param {string} b @param {'imagesPerSecond' | 'peakMb'} figure */
  const ratio = (size, preset, a, b, figure = 'imagesPerSecond') => {
    const others = figures(size, preset, b);
    return median(figures(size, preset, a).map((one, round) => one[figure] / (others[round]?.[figure] ?? Number.NaN)));
  };
  /** @type {string[]} */
  const missed = [];
  let reached = 0;
  /** @param {string} what @param {number} value @param {number} bar @param {boolean} [less] */
  const hold = (what, value, bar, less = false) => {
    if (less ? value <= bar : value >= bar) return void reached++;
    missed.push(`- ${what}: ${value.toFixed(2)} times Keras, wanted ${less ? 'at most ' : ''}${bar.toFixed(1)}`);
  };
  const rows = sizes.flatMap((size) =>
    presets.flatMap((preset) =>
      [compiled, keras, shortCompiled, shortKeras, layers, wasm].flatMap((name) => {
        const some = figures(size, preset, name);
        if (some.length === 0) return [];
        const speed = median(some.map(({ imagesPerSecond }) => imagesPerSecond));
        const share = median(some.map((one) => one.share ?? Number.NaN));
        const against = ratio(size, preset, name, keras);
        const part = Number.isNaN(share) ? '' : `${(100 * share).toFixed(0)} %`;
        const memory = median(some.map(({ peakMb }) => peakMb)).toFixed(0);
        return [
          `| ${size} | ${preset} | ${name} | ${speed.toFixed(0)} | ${against.toFixed(2)} | ${part} | ${memory} |`,
        ];
      }),
    ),
  );
  for (const size of sizes) {
    for (const preset of presets) {
      const called = `${preset}, ${size} px`;
      const bar = preset === plain && size === 28 ? 1.2 : 1;
      hold(`${called}, float32`, ratio(size, preset, compiled, keras), bar);
      hold(`${called}, memory`, ratio(size, preset, compiled, keras, 'peakMb'), 1, true);
      if (!hasBfloat16) continue;
      hold(`${called}, bfloat16`, ratio(size, preset, shortCompiled, shortKeras), preset === plain ? 1.2 : 1);
      if (preset !== plain) continue;
      hold(`${called}, bfloat16 against float32`, ratio(size, preset, shortCompiled, keras), size === 28 ? 1.5 : 2);
    }
  }
  const flags = [...measured.values()].flat().find(({ sentence }) => sentence)?.sentence ?? '';
  return [
    '# Benchmarks',
    '',
    '## Training',
    '',
    `Written by \`${command}\`.`,
    'The same networks in both: Keras builds them from the model.json that Osteon writes, and trains compiled by XLA, as it does',
    'by itself, and without; the faster counts. Adam, batches of 32, no augmentation,',
    `films of noise. Each figure is the median of ${rounds} processes that ran in turn, each the median of its epochs after the`,
    'first; "against Keras" is the median of the ratios of neighbours. "of peak" is the share of the best float32 matrix product',
    'of 1024 by 1024 in the same process, counting convolutions and dense layers only. Memory is the largest resident set.',
    '',
    `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores. ${flags}.`,
    `Load of the computer before and after: ${loads.map((load) => load.toFixed(1)).join(' and ')}; above its cores, it was shared and only the ratios can be read.`,
    '',
    '| px | network | engine | films/s | against Keras float32 | of peak | MB |',
    '| ---: | --- | --- | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    'Wanted: in float32 1.2 times Keras for the paper preset at 28 px, else at least as fast; no more memory than Keras.',
    `${reached} of ${reached + missed.length} bars are reached.${missed.length > 0 ? ' Missed:' : ''}`,
    '',
    ...missed,
    ...(missed.length > 0 ? [''] : []),
    `${longEpochs} epochs of the paper preset at ${long.size} px: the resident set grew by ${(long.growthMb ?? Number.NaN).toFixed(0)} MB from the tenth epoch to the last.`,
    ...(hasBfloat16 ? [] : ['', 'bfloat16 was not measured: this processor does not multiply in it.']),
    '',
  ].join('\n');
}
