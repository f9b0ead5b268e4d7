// Commands on the host itself: serve the window, and say what was found on this computer.
import { contract } from '#api/contract.ts';
import type { Command } from 'commander';
import type { Calibration, Doctor } from '#api/settings.ts';
import { sentence } from '../describe.ts';
import { serveWindow } from '../serve.ts';
import { fail, finishJob, show, withCore } from '../shell.ts';
import type { CommonOptions } from '../shell.ts';
import { count } from './films.ts';

export function addHostCommands(program: Command): void {
  program
    .command('serve')
    .description('Serves the window on this computer only and opens it; prints one JSON line with the address.')
    .option('--port <port>', 'port; 0 takes a free one', count, 0)
    .option('--no-open', 'only print the address')
    .action(async (options: CommonOptions & { port: number; open: boolean }) => {
      try {
        await serveWindow(options);
      } catch (error) {
        process.exitCode = fail(error, options);
      }
    });
  program
    .command('doctor')
    .description(sentence(contract.settings.doctor))
    .action((options: CommonOptions) =>
      withCore(options, {}, async ({ client }) => {
        const report = await client.settings.doctor({ again: true });
        show(options, report, () => inWords(report));
        return report.engine.name === 'none' ? 1 : 0;
      }),
    );
  program
    .command('calibrate')
    .description(sentence(contract.settings.calibrate))
    .action((options: CommonOptions) =>
      withCore(options, {}, async ({ client }) => {
        const { job } = await client.settings.calibrate();
        await finishJob(client, job);
        const measured = await client.settings.calibration();
        show(options, measured, () => (measured ? measuredInWords(measured) : ''));
        return 0;
      }),
    );
}

function measuredInWords({ machine, sizes }: Calibration): string {
  const lines = sizes.flatMap(({ size, chosen, tried }) =>
    tried.map((one) => {
      const taken = JSON.stringify(one) === JSON.stringify(chosen) ? '  taken' : '';
      const speed = String(Math.round(one.imagesPerSecond)).padStart(7);
      const settings = `oneDNN ${one.oneDnn ? 'on ' : 'off'}  threads ${one.threads}  steps a call ${one.stepsPerCall}`;
      return `${size} px ${speed} films/s  ${settings}${taken}`;
    }),
  );
  return [`${machine.processor}, TensorFlow ${machine.tensorflow}`, ...lines].join('\n');
}

const marks = { good: 'ok  ', note: 'note', missing: 'none' };

function inWords({ version, findings }: Doctor): string {
  const lines = findings.map(({ what, found, state, means }) => `${marks[state]}  ${what}: ${found}\n      ${means}`);
  return [`Osteon ${version}`, ...lines].join('\n');
}
