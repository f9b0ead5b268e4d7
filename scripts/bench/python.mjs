// A Python with Keras, for comparisons only, kept in .runtime.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runtime } from '../setup/places.mjs';
import { findProgram, run } from '../setup/program.mjs';

const tensorflowVersion = '2.21.0';
const minutes = 60_000;

/** The program; made once. */
export async function providePython() {
  const folder = join(runtime, 'bench-python');
  const program = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (existsSync(join(folder, 'ready'))) return program;
  const own = findProgram(['python3', 'python']);
  if (!own) throw new Error('Keras, the peer, needs Python 3');
  mkdirSync(runtime, { recursive: true });
  process.stdout.write('Installing Keras beside, for the comparison only ...\n');
  for (const [command, ...args] of [
    [own, '-m', 'venv', folder],
    [program, '-m', 'pip', 'install', '--quiet', `tensorflow-cpu==${tensorflowVersion}`],
  ]) {
    const ended = await run(String(command), args, { cwd: root, limitMs: 30 * minutes });
    if (ended.code !== 0) throw new Error(`Keras could not be installed: ${ended.output.slice(-300)}`);
  }
  writeFileSync(join(folder, 'ready'), tensorflowVersion);
  return program;
}
