// Says what was found on this computer and what it means; `--again` first retries what could not be had before.
import { forgetFailures, setUp } from './setup.mjs';
import { underRightNode } from './setup/node.mjs';
import { root } from './setup/places.mjs';
import { become } from './setup/program.mjs';

await underRightNode();
const args = process.argv.slice(2);
if (args.includes('--again')) forgetFailures();
await setUp(args.includes('--again') ? ['browser', 'tensorflow', 'electron'] : ['browser']);
await become(process.execPath, ['cli/main.ts', 'doctor', ...args.filter((arg) => arg !== '--again')], { cwd: root });
