// MURA: part / patient / study_positive or _negative / image, and its CSV files of studies.
// Source of the layout: MURA v1.1 (Rajpurkar et al. 2017, arXiv 1712.06957) as its folders and tables stand.
import { readFileSync } from 'node:fs';
import { noClaim } from './layout.ts';
import type { Claim, ReadLayout } from './layout.ts';

const IMAGE = /(?:^|\/)XR_([A-Z]+)\/(patient\d+)\/(study\d+)(?:_(positive|negative))?\/[^/]+$/i;
const STUDY = /(XR_[A-Z]+\/patient\d+\/study\d+)(?:_(?:positive|negative))?\/?$/i;

export const readMura: ReadLayout = (found) => {
  const films = found.films.filter((file) => IMAGE.test(file.path));
  if (films.length === 0) {
    return { why: 'no path looks like XR_WRIST/patient00001/study1_positive/image1.png' };
  }
  const tables = found.tables.filter((file) => /labeled_studies\.csv$/i.test(file.path));
  const labels = readStudies(tables.map((file) => file.absolute));
  return {
    layout: 'mura',
    sentence:
      'Layout: MURA. Body part, patient and study are read from the path' +
      (labels.size > 0
        ? `, the label from ${tables.map((t) => t.path).join(' and ')}.`
        : ', the label from the study folder.'),
    reader: 'MURA',
    labelColumn: 'study',
    claimOf: (file) => claimOf(file.path, labels),
    dropped: [],
    pseudonyms: ['patient folder'],
    notes: [
      'MURA says normal or abnormal for a whole study, not fracture: hardware and arthrosis count as abnormal too.',
    ],
    tables: tables.map((file) => file.path),
  };
};

function claimOf(path: string, labels: Map<string, string>): Claim {
  const [, part, patient, study, folder] = IMAGE.exec(path) ?? [];
  if (!part || !patient || !study) return noClaim;
  const value = labels.get(`XR_${part}/${patient}/${study}`.toLowerCase()) ?? folder?.toLowerCase() ?? '';
  return {
    ...noClaim,
    value,
    patient,
    study: `${part}/${patient}/${study}`,
    bodyPart: part.charAt(0) + part.slice(1).toLowerCase(),
    source: 'MURA',
  };
}

/** Study path, lower-case and without its ending -> positive or negative. The tables have no header. */
function readStudies(paths: string[]): Map<string, string> {
  const labels = new Map<string, string>();
  for (const path of paths) {
    for (const line of readFileSync(path, 'utf8').split(/\r?\n/)) {
      const [study, label] = line.split(',');
      const name = STUDY.exec(study?.trim() ?? '')?.[1];
      if (name && label !== undefined) labels.set(name.toLowerCase(), label.trim() === '1' ? 'positive' : 'negative');
    }
  }
  return labels;
}
