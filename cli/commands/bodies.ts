// Commands on pretrained bodies: import-body, bodies.
import { Option } from 'commander';
import type { Command } from 'commander';
import { NOTICE, contract } from '#api/contract.ts';
import { greyRange } from '#api/networks.ts';
import type { Body, GreyRange } from '#api/networks.ts';
import { many } from '#core/many.ts';
import { sentence } from '../describe.ts';
import { show, withCore } from '../shell.ts';
import type { CommonOptions } from '../shell.ts';
import { count } from './films.ts';

interface ImportOptions extends CommonOptions {
  name?: string;
  size?: number;
  range?: GreyRange;
}

export function addBodyCommands(program: Command): void {
  program
    .command('import-body <model.json>')
    .description(sentence(contract.bodies.import))
    .option('--name <name>', 'what it is called; default: as its folder')
    .option('--size <px>', 'side of the input where the model leaves it open', count)
    .addOption(
      new Option(
        '--range <range>',
        'what its input ranges over; default: -1..1 of three channels, 0..1 of one',
      ).choices(greyRange.options),
    )
    .action((path: string, { name, size, range, ...options }: ImportOptions) =>
      withCore(options, {}, async ({ client }) => {
        const body = await client.bodies.import({ path, name, size, range });
        show(options, { ...body, notice: NOTICE }, () => `${inWords(body)}\n${NOTICE}`);
        return 0;
      }),
    );
  program
    .command('bodies')
    .description(`${sentence(contract.bodies.list)} With --remove, ${sentence(contract.bodies.remove)}`)
    .option('--remove <name>', 'the body to remove')
    .action(({ remove, ...options }: CommonOptions & { remove?: string }) =>
      withCore(options, {}, async ({ client }) => {
        if (remove !== undefined) await client.bodies.remove({ name: remove });
        const bodies = await client.bodies.list();
        show(options, bodies, () => bodies.map(inWords).join('\n'));
        return 0;
      }),
    );
}

function inWords({ name, file, features, parameters, size, channels, grey, range, guessed }: Body): string {
  const taken = guessed ? `${grey}: guessed, --range says otherwise` : `${grey} (${range})`;
  return `${name}\t${many(features, 'feature')}, ${many(parameters, 'parameter')}, input ${size} × ${size} × ${channels}\t${taken}\tfrom ${file}`;
}
