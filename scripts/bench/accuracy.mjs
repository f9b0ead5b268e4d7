// `npm run bench -- accuracy`: every network over several seeds on real films, beside Keras' training of the same network;
// writes docs/accuracy.md. Goes on where it broke off: finished runs stand in the library and the log it keeps in .runtime.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { provideKeras } from '../keras-python.mjs';
import { setUp } from '../setup.mjs';
import { root, runtime } from '../setup/places.mjs';
import { ask } from './measure.mjs';

const usage =
  'npm run bench -- accuracy [--data ../shared/data] [--presets paper,osteon] [--seeds 5] [--sets alone,more] [--no-peer]\n';
const hours = 3_600_000;
/** Judged by the first alone; the second is only learned from. */
const [judged, more] = ['fracatlas-sample', 'fracatlas-512'];

/**
 * @typedef {{ auc: number, accuracy: number, seconds: number, interval?: [number, number] }} Figures
 * @typedef {{ set: string, preset: string, seed: number, osteon: Figures, keras: Figures | null }} Row
 */

/** @param {string[]} args */
export async function bench(args) {
  const { values } = parseArgs({
    args,
    allowNegative: true,
    options: {
      data: { type: 'string', default: '../shared/data' },
      presets: { type: 'string', default: '' },
      seeds: { type: 'string', default: '5' },
      sets: { type: 'string', default: 'alone,more' },
      peer: { type: 'boolean', default: true },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(usage);
  const data = resolve(values.data);
  for (const name of [judged, more])
    if (!existsSync(join(data, name)))
      throw new Error(`${name} is not in ${data}; say where the films are with --data`);
  await setUp(['tensorflow']);
  const keras = values.peer ? await provideKeras() : null;
  if (keras && 'why' in keras) throw new Error(`Keras, the peer, cannot be had: ${keras.why}`);
  const python = keras?.program ?? null;
  const library = join(runtime, 'bench-accuracy');
  const log = join(runtime, 'bench-accuracy.ndjson');
  if (!existsSync(library)) {
    for (const name of [judged, more])
      await osteon(['import', join(data, name), '--source', name, '--library', library]);
  }
  const networks = await osteon(['networks', '--library', library]);
  const presets = networks.map((/** @type {{ name: string }} */ { name }) => name);
  const wanted = values.presets === '' ? presets : values.presets.split(',');
  for (const set of values.sets.split(',')) {
    for (const preset of wanted) {
      for (let seed = 1; seed <= Number(values.seeds); seed++) {
        if (rowsIn(log).some((row) => row.set === set && row.preset === preset && row.seed === seed)) continue;
        const row = await trained({ library, python, set, preset, seed });
        appendFileSync(log, `${JSON.stringify(row)}\n`);
        const peer = row.keras ? `, Keras ${row.keras.auc.toFixed(3)}` : '';
        process.stdout.write(`${set}, ${preset}, seed ${seed}: AUC ${row.osteon.auc.toFixed(3)}${peer}\n`);
      }
    }
  }
  const report = reportOf(rowsIn(log), presets);
  writeFileSync(join(root, 'docs', 'accuracy.md'), report);
  process.stdout.write(`\n${report}`);
}

/** The last line the command line printed. @param {string[]} args */
function osteon(args) {
  return ask([process.execPath, join(root, 'cli', 'main.ts'), ...args, '--json'], 3 * hours);
}

/** @param {string} log @returns {Row[]} */
function rowsIn(log) {
  if (!existsSync(log)) return [];
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/**
 * One seed of one network, and its peer.
 * @param {{ library: string, python: string | null, set: string, preset: string, seed: number }} what
 * @returns {Promise<Row>}
 */
async function trained({ library, python, set, preset, seed }) {
  const second = set === 'more' ? ['--learn-only', more] : ['--leave-out', more];
  const end = await osteon(['train', '--preset', preset, '--seed', String(seed), ...second, '--library', library]);
  const { auc, accuracy } = end.test;
  const peer = join(root, 'test', 'bench', 'peer.ts');
  return {
    set,
    preset,
    seed,
    osteon: { auc, accuracy, seconds: end.seconds, interval: end.aucInterval95 },
    keras: python ? await ask([process.execPath, peer, library, String(end.run), python], 3 * hours) : null,
  };
}

/** @param {Row[]} rows @param {string[]} presets */
function reportOf(rows, presets) {
  const sets = ['alone', 'more'].filter((set) => rows.some((row) => row.set === set));
  const lines = sets.flatMap((set) =>
    presets.flatMap((preset) => {
      const some = rows.filter((row) => row.set === set && row.preset === preset);
      if (some.length === 0) return [];
      const peers = some.flatMap(({ keras }) => keras ?? []);
      const interval = some[0]?.osteon.interval?.map((edge) => edge.toFixed(2)).join(' to ') ?? '';
      const ours = some.map((row) => row.osteon);
      const peer = peers.length > 0 ? `${spread(peers, 'auc')} | ${spread(peers, 'accuracy')}` : ' | ';
      const seconds = (ours.reduce((sum, one) => sum + one.seconds, 0) / ours.length).toFixed(0);
      return [
        `| ${set} | ${preset} | ${some.length} | ${spread(ours, 'auc')} | ${interval} | ${spread(ours, 'accuracy')} | ${peer} | ${seconds} |`,
      ];
    }),
  );
  return [
    '# Accuracy',
    '',
    'Written by `npm run bench -- accuracy --data $DATA`, where `DATA` holds the two sets. Judged on the films to judge with of the',
    `FracAtlas sample (${judged}), one split by near-duplicate group for all. "alone": learned from that sample; "more": from`,
    `its learning films and all of ${more} but films alike to those chosen or judged by. Each network learns as its card says;`,
    'its best epoch and threshold come from the choosing films, and its judging films are opened once a seed. What was measured so',
    'far stands here; the command goes on where it broke off. Figures are means over seeds, with the',
    'standard deviation over them; "95 %" is the interval of the AUC of seed 1 (which other judging films might have given).',
    'Keras trains the network as Osteon built it, from the same first weights, on the same films in the same parts, by the',
    'same optimiser, rate, class weights and rule for the best epoch, with its own augmentation; boxes teach it nothing.',
    '',
    `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores.`,
    '',
    '| learned from | network | seeds | AUC | 95 % | right | Keras, AUC | Keras, right | seconds |',
    '| --- | --- | ---: | --- | --- | --- | --- | --- | ---: |',
    ...lines,
    '',
    'The network called single is one logistic unit over the pixels of a thumbnail: what is there without looking at shapes.',
    '',
  ].join('\n');
}

/** Mean and standard deviation. @param {Figures[]} figures @param {'auc' | 'accuracy'} name */
function spread(figures, name) {
  const values = figures.map((one) => one[name]);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = values.length > 1 ? ` ± ${Math.sqrt(squares / (values.length - 1)).toFixed(3)}` : '';
  return `${mean.toFixed(3)}${deviation}`;
}
