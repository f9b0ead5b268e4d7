// What was measured of this computer: kept in a file of its own beside the settings, asked for by each training.
// Must not be taken for another computer or another version.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSettings, Tuning } from '#api/runs.ts';
import { calibration } from '#api/settings.ts';
import type { Calibration } from '#api/settings.ts';
import type { StartChild } from '#core/children/child.ts';
import type { JobControl, Jobs } from '#core/jobs/jobs.ts';
import { writeDurably } from '#core/libraries/durable.ts';
import type { Log } from '#core/log.ts';
import { Problem } from '#core/problem.ts';
import { sameMachine, thisMachine, threadCounts } from './machine.ts';
import { full, measure, short } from './measure.ts';
import { asEnvironmentSays, measuredFor, measuredSizes, usualTuning } from './tuning.ts';

interface Services {
  startChild: StartChild;
  jobs: Jobs;
  log: Log;
  version: string;
  /** Which TensorFlow is there; rejects where there is none. */
  probe(): Promise<{ name: string; version: string }>;
}

export interface CalibrationOptions {
  /** Folder of the file; null keeps what was measured in memory. */
  folder: string | null;
  /** Measures in short before the first training of a size that was not measured. */
  byItself: boolean;
}

export class Calibrations {
  readonly #services: Services;
  readonly #path: string | null;
  readonly #byItself: boolean;
  /** Where there is no file. */
  #measured: Calibration | null = null;

  constructor({ folder, byItself }: CalibrationOptions, services: Services) {
    this.#services = services;
    this.#path = folder && join(folder, 'calibration.json');
    this.#byItself = byItself;
  }

  /** What was measured on this computer by these versions; null where nothing was. `tensorflow`: its version. */
  kept(tensorflow: string): Calibration | null {
    const found = this.#path ? readKept(this.#path) : this.#measured;
    return found && sameMachine(found.machine, thisMachine(tensorflow, this.#services.version)) ? found : null;
  }

  /** The same, whichever TensorFlow is there. */
  async current(): Promise<Calibration | null> {
    const tensorflow = await this.#native();
    return tensorflow && this.kept(tensorflow.version);
  }

  /**
   * Measures everything as a job, and keeps it.
   * @throws Problem NOTHING_TO_MEASURE without the native library, ENGINE_MISSING without any, LIBRARY_BUSY beside other work
   */
  async start(): Promise<{ job: string; done: Promise<Calibration> }> {
    const { jobs, probe } = this.#services;
    const { name, version } = await probe();
    if (name !== 'native') throw new Problem('NOTHING_TO_MEASURE', { engine: 'WebAssembly' });
    const busy = jobs.running();
    if (busy) throw new Problem('LIBRARY_BUSY', { job: busy.title });
    return jobs.start({ kind: 'calibrate', title: 'Measuring this computer', unit: 'settings' }, async (control) => {
      const order = { ...full, sizes: measuredSizes, threads: threadCounts(thisMachine('', '').threads) };
      return this.#keep(version, await measure(this.#services.startChild, order, control));
    });
  }

  /**
   * How a training loads the library: by the environment of this process, else as was measured, else as usual. Null where
   * the native library does not train. Never throws; `measuring` is called before it measures by itself.
   */
  async tuningFor({ engine, size }: RunSettings, signal: AbortSignal, measuring: () => void): Promise<Tuning | null> {
    const tensorflow = engine === 'wasm' ? null : await this.#native();
    if (!tensorflow) return null;
    const at = measuredFor(size);
    const usual = asEnvironmentSays(usualTuning(size));
    let found = chosenAt(this.kept(tensorflow.version), at);
    // The environment says it already where it differs from what is usual.
    if (!found && this.#byItself && JSON.stringify(usual) === JSON.stringify(usualTuning(size))) {
      measuring();
      found = chosenAt(await this.#measureShortly(at, tensorflow.version, signal), at);
    }
    return found ? asEnvironmentSays(found) : usual;
  }

  /** One size; what is known of the other stays. Null where it failed: the training goes on as usual. */
  async #measureShortly(size: number, version: string, signal: AbortSignal): Promise<Calibration | null> {
    const control: JobControl = { signal, progress: () => undefined };
    const order = { ...short, sizes: [size], threads: threadCounts(thisMachine('', '').threads) };
    try {
      const others = this.kept(version)?.sizes.filter((one) => one.size !== size) ?? [];
      return this.#keep(version, [...others, ...(await measure(this.#services.startChild, order, control))]);
    } catch (error) {
      if (!signal.aborted) this.#services.log.warn({ err: error }, 'this computer could not be measured');
      return null;
    }
  }

  #keep(tensorflow: string, sizes: Calibration['sizes']): Calibration {
    const machine = thisMachine(tensorflow, this.#services.version);
    this.#measured = { at: new Date().toISOString(), machine, sizes };
    if (this.#path) writeDurably(this.#path, `${JSON.stringify(this.#measured, null, 2)}\n`);
    return this.#measured;
  }

  async #native(): Promise<{ version: string } | null> {
    try {
      const found = await this.#services.probe();
      return found.name === 'native' ? found : null;
    } catch {
      return null;
    }
  }
}

/** A file that cannot be read is as good as none: it is measured anew. */
function readKept(path: string): Calibration | null {
  if (!existsSync(path)) return null;
  try {
    return calibration.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

function chosenAt(known: Calibration | null, size: number): Tuning | null {
  const chosen = known?.sizes.find((one) => one.size === size)?.chosen;
  return chosen ? { oneDnn: chosen.oneDnn, threads: chosen.threads, stepsPerCall: chosen.stepsPerCall } : null;
}
