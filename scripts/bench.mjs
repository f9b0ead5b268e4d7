// `npm run bench -- NAME`: measures beside the peer on this computer and writes what it found into docs/. Python is needed
// for the peer only.
import { underRightNode } from './setup/node.mjs';

await underRightNode();
const benches = ['accuracy', 'training'];
const [name = '', ...rest] = process.argv.slice(2);
if (!benches.includes(name)) {
  process.stderr.write(`npm run bench -- ${benches.join('|')}; each says its options with --help\n`);
  process.exit(2);
}
const { bench } = await import(`./bench/${name}.mjs`);
await bench(rest);
