// The computer as far as what is measured on it depends on: processor, threads, and the versions that compute.
// Must not measure anything.
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import type { Calibration } from '#api/settings.ts';

type Machine = Calibration['machine'];

export function thisMachine(tensorflow: string, osteon: string): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    threads: availableParallelism(),
    tensorflow,
    osteon,
  };
}

export function sameMachine(one: Machine, other: Machine): boolean {
  const names = Object.keys(one) as (keyof Machine)[];
  return names.every((name) => one[name] === other[name]);
}

/**
 * Thread counts worth trying, all of them first: the physical cores, and half.
 * @param cpuinfo what Linux says in /proc/cpuinfo; other systems do not tell cores from threads
 */
export function threadCounts(logical: number, cpuinfo = processorInfo()): number[] {
  const half = Math.ceil(logical / 2);
  const counts = [logical, coresIn(cpuinfo) ?? half, half].filter((count) => count >= 1 && count <= logical);
  return [...new Set(counts)];
}

/** Different pairs of socket and core; null where they are not told. */
function coresIn(cpuinfo: string): number | null {
  const cores = cpuinfo.split('\n\n').flatMap((processor) => {
    const told = (name: string) => new RegExp(`^${name}\\s*:\\s*(\\d+)`, 'm').exec(processor)?.[1];
    const [socket, core] = [told('physical id'), told('core id')];
    return socket === undefined || core === undefined ? [] : [`${socket}/${core}`];
  });
  return cores.length > 0 ? new Set(cores).size : null;
}

function processorInfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'latin1');
  } catch {
    return '';
  }
}
