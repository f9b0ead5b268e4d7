// Runs other programs: to their end with what they said, never longer than they make progress.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { constants as osConstants } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * @typedef {object} Ended
 * @property {number} code exit code; 128 + signal where a signal ended it; 127 where it could not be started
 * @property {string} output what it said on both channels, the last 64 KB
 * @property {string | null} why in a few words, where it did not end well
 */

const KEPT = 65_536;
const LOOK_MS = 2000;

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env] added to the environment
 * @param {number} [options.limitMs] longest time in all
 * @param {number} [options.stallMs] longest time without a word or a growing file in `watch`
 * @param {string} [options.watch] folder that grows while the program makes progress
 * @param {boolean} [options.shown] what it says goes to the terminal too
 * @returns {Promise<Ended>}
 */
export function run(program, args, { cwd, env, limitMs, stallMs, watch, shown } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that all of it ends when it takes too long.
      detached: process.platform !== 'win32',
    });
    let output = '';
    let movedMs = Date.now();
    let size = -1;
    /** @type {string | null} */
    let killed = null;
    /** @param {Buffer} chunk */
    const hear = (chunk) => {
      movedMs = Date.now();
      output = (output + chunk.toString()).slice(-KEPT);
      if (shown) process.stderr.write(chunk);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    /** @param {string} why */
    const end = (why) => {
      killed = why;
      endGroup(child.pid);
    };
    const startMs = Date.now();
    const timer = setInterval(() => {
      const now = watch ? sizeOf(watch) : size;
      if (now !== size) movedMs = Date.now();
      size = now;
      if (limitMs && Date.now() - startMs > limitMs) end(`it took longer than ${limitMs / 1000} s`);
      else if (stallMs && Date.now() - movedMs > stallMs) end(`nothing came for ${stallMs / 1000} s`);
    }, LOOK_MS);
    const onExit = () => endGroup(child.pid);
    process.once('exit', onExit);
    /** @param {number} code @param {string | null} why */
    const finish = (code, why) => {
      clearInterval(timer);
      process.off('exit', onExit);
      resolve({ code, output, why: killed ?? why });
    };
    child.on('error', (error) => finish(127, error.message));
    child.on('close', (code, signal) => {
      if (code === 0 && !killed) finish(0, null);
      else finish(code ?? codeOf(signal), lastLine(output) ?? (signal ? `signal ${signal}` : `exit code ${code}`));
    });
  });
}

/**
 * Becomes another program as nearly as Node can: its terminal, its signals, its end.
 * @param {string} program
 * @param {string[]} args
 * @param {Parameters<typeof passThrough>[2]} [options]
 * @returns {Promise<never>}
 */
export async function become(program, args, options = {}) {
  const { code, signal } = await passThrough(program, args, options);
  if (signal) process.kill(process.pid, signal);
  process.exit(code);
}

/**
 * Runs a program on this terminal and waits. Signals sent to this process reach it. With `hear`, its stdout goes there.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, hear?: (text: string) => void }} [options]
 * @returns {Promise<{ code: number, signal: NodeJS.Signals | null }>}
 */
export function passThrough(program, args, { cwd, env, hear } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = /** @type {const} */ (['inherit', hear ? 'pipe' : 'inherit', 'inherit']);
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: [...stdio] });
    child.stdout?.setEncoding('utf8').on('data', (text) => hear?.(text));
    const forwards = /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK']).map((signal) => {
      // A terminal sends Ctrl+C to both by itself; a second one would cut the first one's work short.
      const forward = () => void (signal === 'SIGINT' && process.stdin.isTTY ? 0 : child.kill(signal));
      if (signal in osConstants.signals) process.on(signal, forward);
      return () => process.off(signal, forward);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      for (const stop of forwards) stop();
      resolve({ code: code ?? codeOf(signal), signal });
    });
  });
}

/**
 * The first of these programs on the search path; null where none is there.
 * @param {string[]} names
 * @returns {string | null}
 */
export function findProgram(names) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      for (const ending of endings) {
        const path = join(folder, name + ending);
        if (folder && isProgram(path)) return path;
      }
    }
  }
  return null;
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** @param {number | undefined} pid */
function endGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

/**
 * Bytes in a folder; files may come and go meanwhile.
 * @param {string} folder
 * @returns {number}
 */
function sizeOf(folder) {
  if (!existsSync(folder)) return 0;
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    try {
      const path = join(folder, entry.name);
      bytes += entry.isDirectory() ? sizeOf(path) : statSync(path).size;
    } catch {
      // Gone between the listing and the look.
    }
  }
  return bytes;
}

/** @param {NodeJS.Signals | null} signal */
function codeOf(signal) {
  return signal ? 128 + osConstants.signals[signal] : 1;
}

/** @param {string} output */
function lastLine(output) {
  const lines = output.split('\n').map((line) => line.trim());
  const telling = lines.filter((line) => /\b(error|failed|refused|denied|not found)\b/i.test(line));
  return telling.at(-1) ?? lines.filter(Boolean).at(-1) ?? null;
}
