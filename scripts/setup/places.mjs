// Where the set-up puts things: the repository, and `.runtime`, which may be deleted at any time.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const runtime = join(root, '.runtime');
export const modules = join(root, 'node_modules');

/** Name of this machine's kind, as packages are called: `linux-x64`. */
export const machine = `${process.platform}-${process.arch}`;
