// Commands on networks from within: networks, with what a trained one is made of, and the loss around it.
import { Option } from 'commander';
import type { Command } from 'commander';
import { NOTICE, contract } from '#api/contract.ts';
import type { Network } from '#api/networks.ts';
import type { NetworkCard } from '#api/runs.ts';
import { sentence } from '../describe.ts';
import { finishJob, show, withCore } from '../shell.ts';
import type { CommonOptions, Session } from '../shell.ts';
import { count } from './films.ts';

interface ImportOptions extends CommonOptions {
  grey: '0..1' | '0..255' | '-1..1';
  fracture: '0' | '1';
}

interface SliceOptions extends CommonOptions {
  run?: number;
  directions: '1' | '2';
  points: number;
  reach: number;
  seed: number;
}

export function addNetworkCommands(program: Command): void {
  program
    .command('networks')
    .description(`${sentence(contract.runs.networks)} With --run, ${lower(sentence(contract.networks.describe))}`)
    .addOption(new Option('--size <px>', 'side of the input they are built for').argParser(count).conflicts('run'))
    .option('--run <run>', 'the trained network of a run, layer by layer', count)
    .action((options: CommonOptions & { size?: number; run?: number }) =>
      withCore(options, {}, async ({ client }) => {
        if (options.run !== undefined) {
          const network = await client.networks.describe({ run: options.run });
          show(options, network, () => layersInWords(network));
          return 0;
        }
        const networks = await client.runs.networks({ size: options.size });
        show(options, networks, () => networks.map(networkInWords).join('\n'));
        return 0;
      }),
    );
  program
    .command('import-model <model.json>')
    .description(sentence(contract.networks.import))
    .addOption(
      new Option('--grey <range>', 'black and white as it takes them')
        .choices(['0..1', '0..255', '-1..1'])
        .default('0..1'),
    )
    .addOption(new Option('--fracture <class>', 'which of two classes is fracture').choices(['0', '1']).default('1'))
    .action((path: string, options: ImportOptions) =>
      withCore(options, {}, async ({ client }) => {
        const { grey, fracture } = options;
        const card = await client.networks.import({ path, grey, fracture: fracture === '0' ? 0 : 1 });
        show(
          options,
          { ...card, notice: NOTICE },
          () => `${card.title}, ${card.learnedFrom}; not measured here\n${NOTICE}`,
        );
        return 0;
      }),
    );
  program
    .command('slice')
    .description(sentence(contract.networks.slice))
    .option('--run <run>', 'default: the newest that is trained', count)
    .addOption(new Option('--directions <n>', 'random directions').choices(['1', '2']).default('2'))
    .option('--points <n>', 'along each, an odd number', count, 11)
    .option('--reach <lengths>', 'how far it goes, in lengths of the weights', Number, 1)
    .option('--seed <seed>', 'of the directions', count, 1)
    .action((options: SliceOptions) => withCore(options, {}, (session) => slice(session, options)));
}

async function slice({ client }: Session, options: SliceOptions): Promise<number> {
  const { run: newest } = await client.networks.describe({ run: options.run });
  const run = options.run ?? newest ?? 0;
  const { points, reach, seed } = options;
  const { job } = await client.networks.slice({
    run,
    points,
    reach,
    seed,
    directions: options.directions === '1' ? 1 : 2,
  });
  await finishJob(client, job);
  const sliced = await client.networks.sliced({ run });
  show(options, sliced, () => {
    if (!sliced) return '';
    const rows = sliced.loss.map((row) => row.map((value) => value?.toFixed(3) ?? 'none').join('\t'));
    const films = `loss on ${sliced.films} of ${sliced.of} checking films, ${sliced.trained.toFixed(4)} as trained`;
    return [films, sliced.at.map((place) => place.toFixed(2)).join('\t'), ...rows].join('\n');
  });
  return 0;
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

function layersInWords({ title, sentence: kind, cost, layers }: Network): string {
  return [
    `${title}: ${kind} ${cost.parameters} parameters, ${cost.macs} multiplications a film`,
    ...layers.map(
      ({ name, words, rank, shape, dtype, parameters, bytes }) =>
        `${name}\t${words}\trank ${rank}\t${shape.join(' × ')}\t${dtype}\t${parameters} parameters\t${bytes} bytes a film`,
    ),
  ].join('\n');
}

function networkInWords(card: NetworkCard): string {
  const { name, title, source, adapted, parameters, layers, builtAt, macs, weightBytes, filmBytes } = card;
  const millions = (value: number) => `${(value / 1e6).toFixed(value < 1e7 ? 2 : 0)} million`;
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  return [
    `${name}\t${title}: ${card.sentence}`,
    `\t${source}`,
    `\t${adapted}`,
    `\tat ${builtAt} px: ${layers.length} layers, ${parameters} parameters, ${megabytes(weightBytes)} of weights, ${megabytes(filmBytes)} a film, ${millions(macs)} multiplications a film`,
  ].join('\n');
}
