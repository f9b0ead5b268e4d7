// Chooses the layout: the one the user named, or the first that fits.
import { basename } from 'node:path';
import type { Layout } from '#api/imports.ts';
import type { Found } from '#core/imports/scan.ts';
import { Problem } from '#core/problem.ts';
import { readFiles } from './files.ts';
import { readFolders } from './folders.ts';
import { readFracAtlas } from './fracatlas.ts';
import type { LayoutReading, ReadLayout } from './layout.ts';
import { readMura } from './mura.ts';
import { readTableLayout } from './table.ts';

const layouts: Record<Exclude<Layout, 'auto'>, ReadLayout> = {
  mura: readMura,
  fracatlas: readFracAtlas,
  table: readTableLayout,
  folders: readFolders,
  files: readFiles,
};

/** Throws LAYOUT_MISMATCH where a layout asked for by name does not fit, TABLE_UNREADABLE for a table named. */
export function recognise(found: Found, asked: Layout, table?: string): LayoutReading {
  const wanted = asked === 'auto' && table ? 'table' : asked;
  if (wanted !== 'auto') {
    const reading = layouts[wanted](found, { table });
    if ('layout' in reading) return reading;
    throw new Problem('LAYOUT_MISMATCH', { folder: basename(found.root), layout: wanted, reason: reading.why });
  }
  for (const read of Object.values(layouts)) {
    const reading = read(found, { table });
    if ('layout' in reading) return reading;
  }
  throw new Error('plain files always fit');
}
