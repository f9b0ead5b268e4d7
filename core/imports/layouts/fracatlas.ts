// FracAtlas: images in Fractured and Non_fractured, and dataset.csv with a row a film.
// Source of the layout: Abedeen et al., Scientific Data 2023; columns are read by name, their order varies.
import { basename, dirname, join } from 'node:path';
import { readTable } from '#core/imports/table.ts';
import type { Row } from '#core/imports/table.ts';
import { cocoBoxes } from './coco.ts';
import { noClaim } from './layout.ts';
import type { Claim, ReadLayout } from './layout.ts';

const BODY_PARTS = ['hand', 'leg', 'hip', 'shoulder'] as const;
const PROJECTIONS = ['frontal', 'lateral', 'oblique'] as const;

export const readFracAtlas: ReadLayout = (found) => {
  const table = found.tables.find((file) => basename(file.path).toLowerCase() === 'dataset.csv');
  if (!table) return { why: 'there is no dataset.csv' };
  const { columns, rows } = readTable(table.absolute);
  if (!columns.includes('image_id') || !columns.includes('fractured')) {
    return { why: 'dataset.csv has no columns image_id and fractured' };
  }
  const byFile = new Map(rows.map((row) => [(row['image_id'] ?? '').toLowerCase(), row]));
  const boxes = cocoBoxes(join(dirname(table.absolute), 'Annotations', 'COCO JSON', 'COCO_fracture_masks.json'));
  const marked = boxes ? ' Boxes around fractures come with it.' : '';
  return {
    layout: 'fracatlas',
    sentence: `Layout: FracAtlas. Label, body part and view are read from ${table.path}.${marked}`,
    reader: 'FracAtlas table',
    labelColumn: 'fractured',
    claimOf: (file) => claimOf(byFile.get(basename(file.path).toLowerCase())),
    boxesOf: (file) => boxes?.get(basename(file.path).toLowerCase()) ?? [],
    dropped: columns.filter((column) => ['fracture_count', 'multiscan', 'mixed', 'hardware'].includes(column)),
    pseudonyms: [],
    notes: ['FracAtlas names no patients: films are kept apart by likeness only.'],
    tables: [table.path],
  };
};

function claimOf(row: Row | undefined): Claim {
  if (!row) return { ...noClaim, source: 'FracAtlas' };
  const parts = BODY_PARTS.filter((name) => row[name] === '1');
  const projections = PROJECTIONS.filter((name) => row[name] === '1');
  return {
    ...noClaim,
    value: row['fractured'] ?? '',
    bodyPart: row['mixed'] === '1' || parts.length > 1 ? 'Several' : capital(parts[0]),
    projection: projections.length > 1 ? 'several' : (projections[0] ?? null),
    source: 'FracAtlas',
  };
}

function capital(word: string | undefined): string | null {
  return word ? word.charAt(0).toUpperCase() + word.slice(1) : null;
}
