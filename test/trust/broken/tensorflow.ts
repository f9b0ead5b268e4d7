// A trainer that breaks in the way OSTEON_BREAK names, as soon as it is asked for work.
import { closeSync, writeSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';

const send = (message: unknown) => void process.send?.(message);
const ways: Record<string, () => void> = {
  'an abort': () => process.abort(),
  'a segmentation fault': () => process.kill(process.pid, 'SIGSEGV'),
  'a bus error': () => process.kill(process.pid, 'SIGBUS'),
  'an endless loop': () => {
    for (;;);
  },
  'no memory left': () => {
    const kept: unknown[] = [];
    for (;;) kept.push(Array.from({ length: 10_000 }, (_, i) => ({ i })));
  },
  'an early end': () => process.exit(0),
  'messages of nonsense': () => {
    for (const message of [null, 'text', 7, {}, { id: 'x' }, { id: 1, error: null }]) send(message);
  },
  'events of nonsense': () => send({ id: 1, event: { kind: 'epoch', epoch: null } }),
  'a result of nonsense': () => send({ id: 1, result: { probabilities: 'none' } }),
  'a flood': () => {
    for (let line = 0; line < 20_000; line++) writeSync(2, `${'flood '.repeat(1000)}\n`);
    process.exit(9);
  },
  'a channel that closes': () => {
    closeSync(Number(process.env['NODE_CHANNEL_FD'] ?? 3));
  },
};

const way = ways[process.env['OSTEON_BREAK'] ?? ''];
if (!way) throw new Error('no such way to break');
setFlagsFromString('--max-old-space-size=64');
process.on('message', () => way());
