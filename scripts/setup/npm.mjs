// Runs the npm this was started by, under any Node.
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { findProgram, run } from './program.mjs';

/**
 * @param {string} node
 * @param {string[]} args
 * @param {Parameters<typeof run>[2]} options
 */
export function npm(node, args, options) {
  const script = npmScript();
  if (script) return run(node, [script, ...args], options);
  const program = findProgram(['npm']);
  if (!program) return Promise.resolve({ code: 127, output: '', why: 'npm was not found' });
  // Windows starts npm.cmd through its shell only; none of the arguments comes from outside.
  return process.platform === 'win32'
    ? run('cmd.exe', ['/d', '/s', '/c', 'npm', ...args], options)
    : run(program, args, options);
}

/** npm's own script: the one that started us, else the one beside this Node. */
function npmScript() {
  const started = process.env.npm_execpath;
  if (started && basename(started).startsWith('npm-cli') && existsSync(started)) return started;
  const bin = dirname(process.execPath);
  const beside = [join(bin, '..', 'lib', 'node_modules'), join(bin, 'node_modules')];
  return beside.map((folder) => join(folder, 'npm', 'bin', 'npm-cli.js')).find(existsSync) ?? null;
}
