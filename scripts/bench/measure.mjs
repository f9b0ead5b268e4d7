// One measuring process after the other, and what to make of their figures.
import { root } from '../setup/places.mjs';
import { run } from '../setup/program.mjs';

/**
 * Runs a process to its end and gives the last JSON it printed on a line of its own.
 * @param {string[]} command @param {number} limitMs
 * @returns {Promise<any>}
 */
export async function ask([program = '', ...args], limitMs) {
  const ended = await run(program, args, { cwd: root, limitMs });
  const line = ended.output.split('\n').findLast((text) => /^[[{]/.test(text));
  if (ended.code !== 0 || !line) throw new Error(`${args.join(' ')}: ${ended.output.slice(-500)}`);
  return JSON.parse(line);
}

/** The mean of the middle two where there is no middle one. @param {number[]} numbers */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return ((sorted[middle] ?? Number.NaN) + (sorted[(sorted.length - 1) >> 1] ?? Number.NaN)) / 2;
}
