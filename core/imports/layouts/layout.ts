// What a layout says about the files of a folder. Types only.
import type { Layout } from '#api/imports.ts';
import type { PictureBox } from './coco.ts';
import type { Found, FoundFile } from '#core/imports/scan.ts';

/** What the folder or table claims about one file, before any mapping. Identifiers are still as they came. */
export interface Claim {
  /** Value that stands for the label, as it is written; '' where there is none. */
  value: string;
  patient: string | null;
  study: string | null;
  bodyPart: string | null;
  projection: string | null;
  laterality: string | null;
  source: string | null;
}

export const noClaim: Claim = {
  value: '',
  patient: null,
  study: null,
  bodyPart: null,
  projection: null,
  laterality: null,
  source: null,
};

export interface LayoutReading {
  layout: Exclude<Layout, 'auto'>;
  /** What was recognised and from where each field is read. */
  sentence: string;
  /** Who the labels are from: shown as their reader. */
  reader: string;
  labelColumn: string | null;
  claimOf(file: FoundFile): Claim;
  /** Boxes that came with a file. */
  boxesOf?(file: FoundFile): PictureBox[];
  /** Columns that are not kept, and columns that become pseudonyms. */
  dropped: string[];
  pseudonyms: string[];
  notes: string[];
  /** Tables that were read. */
  tables: string[];
}

/** Null where the files do not have this layout; `why` then says what is missing when it was asked for by name. */
export type ReadLayout = (found: Found, options: { table?: string | undefined }) => LayoutReading | { why: string };
