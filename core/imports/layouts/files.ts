// Plain files: films without labels, for the reading queue.
import { noClaim } from './layout.ts';
import type { ReadLayout } from './layout.ts';

export const readFiles: ReadLayout = () => ({
  layout: 'files',
  sentence: 'Layout: films without labels. They go to the reading queue.',
  reader: 'Import',
  labelColumn: null,
  claimOf: () => noClaim,
  dropped: [],
  pseudonyms: [],
  notes: [],
  tables: [],
});
