// Labels films of a library in a loop and prints each label once it counts as saved. Killed by its parent, or told how
// many labels to give. MUTANT=early prints before the label is saved: the control that must lose labels.
import { writeSync } from 'node:fs';
import { decide } from '#core/labels/decide.ts';
import { openLibrary } from '#core/libraries/open.ts';
import { silent } from '#core/log.ts';

const folder = process.argv[2] ?? '';
const films = Number(process.argv[3]);
const count = Number(process.argv[4] ?? Infinity);
const library = openLibrary(folder, { log: silent });
const labels = ['fracture', 'whole', 'uncertain'] as const;
const early = process.env['MUTANT'] === 'early';
writeSync(1, 'ready\n');
for (let i = 0; i < count; i++) {
  const xray = 1 + (i % films);
  const label = labels[Math.floor(i / films) % 3] ?? null;
  const next = (library.db.raw.prepare('SELECT coalesce(max(seq), 0) FROM events').pluck().get() as number) + 1;
  if (early) writeSync(1, `${next} ${xray} ${label ?? 'none'}\n`);
  const [event] = decide(library, [{ xray, label }], { reader: `r${i % 2}-${process.pid}`, why: 'read' });
  if (!early) writeSync(1, `${event?.seq ?? 0} ${xray} ${event?.after ?? 'none'}\n`);
}
library.close();
