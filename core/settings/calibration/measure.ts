// Measures settings of the native library: each way of loading it in a child of its own, one child after the other.
// Must not keep anything.
import type { Tuning } from '#api/runs.ts';
import type { Calibration } from '#api/settings.ts';
import { Asker, ChildDied } from '#core/children/child.ts';
import type { StartChild } from '#core/children/child.ts';
import type { MeasureOrder } from '#core/cnn/graph/measure.ts';
import type { JobControl } from '#core/jobs/jobs.ts';
import { Problem } from '#core/problem.ts';
import { fastest, median } from './choose.ts';
import { environmentOf, usualTuning } from './tuning.ts';

export interface MeasuringOrder {
  /** Sides of the input, px. */
  sizes: readonly number[];
  /** Thread counts, all of them first. */
  threads: number[];
  /** Steps one call may make at a size, beside the usual ones. */
  stepsPerCall(size: number): number[];
  /** How long each setting is timed, in milliseconds. */
  milliseconds: number;
  /** No further child is started after this time, in milliseconds, but for the usual setting. */
  atMost: number;
}

type Setting = Tuning & { size: number };
type Tried = Setting & { speeds: number[] };

/** Everything, and what a first training waits for. */
export const full = {
  milliseconds: 400,
  atMost: 12_000,
  // Where arithmetic costs, calls do not.
  stepsPerCall: (size: number) => (size <= 64 ? [1, 4, 20] : []),
};
export const short = { milliseconds: 300, atMost: 3000, stepsPerCall: () => [] };

/**
 * As usual first, in the same child with other steps a call (the library need not be loaded anew for them), then without
 * oneDNN, then fewer threads, each with the best of what was tried before.
 * Where another setting won, the usual one is measured once more and its better time counts: what else the computer did
 * meanwhile must not choose.
 * @throws Problem NOTHING_TO_MEASURE, CANCELLED, ENGINE_MISSING when a child dies
 */
export async function measure(
  startChild: StartChild,
  order: MeasuringOrder,
  { signal, progress }: JobControl,
): Promise<Calibration['sizes']> {
  const tried: Tried[] = [];
  const startedAt = performance.now();
  const fewer = order.threads.slice(1);
  let [done, total] = [0, order.sizes.length * (2 + fewer.length)];
  for (const size of order.sizes) total += order.stepsPerCall(size).length;
  const inTime = () => performance.now() - startedAt < order.atMost;
  const round = async (settings: Setting[], wanted = inTime) => {
    for (const group of loadedAlike(settings)) {
      if (!wanted()) return;
      await inChild(startChild, group, order.milliseconds, signal, (one) => {
        keepFaster(tried, one);
        progress(++done, total);
      });
    }
  };
  const best = (size: number) => fastest(triedAt(tried, size));
  const usual = (size: number): Setting => ({ size, ...usualTuning(size), threads: order.threads[0] ?? 1 });
  progress(0, total);
  await round(
    order.sizes.flatMap((size) => [
      usual(size),
      ...order.stepsPerCall(size).map((stepsPerCall) => ({ ...usual(size), stepsPerCall })),
    ]),
  );
  await round(order.sizes.map((size) => ({ ...settingOf(best(size)), oneDnn: false })));
  for (const threads of fewer) await round(order.sizes.map((size) => ({ ...settingOf(best(size)), threads })));
  const doubted = order.sizes.filter((size) => best(size) !== triedAt(tried, size)[0]);
  total += doubted.length;
  await round(doubted.map(usual), () => true);
  return order.sizes.map((size) => {
    const all = triedAt(tried, size);
    return { size, chosen: figures(fastest(all)), usual: figures(all[0]), tried: all.map(figures) };
  });
}

/** At one size, the usual setting first. */
function triedAt(tried: Tried[], size: number): [Tried, ...Tried[]] {
  const [usual, ...others] = tried.filter((one) => one.size === size);
  if (!usual) throw new Error(`nothing was measured at ${size} px`);
  return [usual, ...others];
}

/** What was measured twice counts at its faster time. */
function keepFaster(tried: Tried[], one: Tried): void {
  const place = tried.findIndex((other) => JSON.stringify(settingOf(other)) === JSON.stringify(settingOf(one)));
  const before = tried[place];
  if (!before) tried.push(one);
  else if (median(one.speeds) > median(before.speeds)) tried[place] = one;
}

const settingOf = ({ size, oneDnn, threads, stepsPerCall }: Setting): Setting => ({
  size,
  oneDnn,
  threads,
  stepsPerCall,
});

function figures({ oneDnn, threads, stepsPerCall, speeds }: Tried) {
  return { oneDnn, threads, stepsPerCall, imagesPerSecond: median(speeds) };
}

const loading = ({ oneDnn, threads }: Tuning) => `${oneDnn} ${threads}`;

const loadedAlike = (settings: Setting[]) =>
  Object.values(Object.groupBy(settings, loading)).map((group) => group ?? []);

async function inChild(
  startChild: StartChild,
  settings: Setting[],
  milliseconds: number,
  signal: AbortSignal,
  onMeasured: (one: Tried) => void,
): Promise<void> {
  const [first] = settings;
  if (!first) return;
  if (signal.aborted) throw new Problem('CANCELLED');
  const asker = new Asker(startChild('tensorflow', environmentOf(first)));
  const cancel = () => asker.child.kill();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    for (const setting of settings) {
      const { size, stepsPerCall } = setting;
      const order: MeasureOrder = { size, stepsPerCall, milliseconds };
      onMeasured({ ...setting, speeds: await asker.ask<number[]>('measure', order) });
    }
  } catch (error) {
    if (signal.aborted) throw new Problem('CANCELLED');
    if (error instanceof ChildDied) throw new Problem('ENGINE_MISSING', { reason: error.reason }, { cause: error });
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
    asker.child.kill();
  }
}
