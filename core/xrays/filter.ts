// Turns the contract's filter into conditions on rows, and rows into films as the contract shows them.
import type { Xray, XrayFilter, XrayProblem } from '#api/xrays.ts';
import type { Label, LabelEvent } from '#api/labels.ts';
import { getMeta } from '#db/meta.ts';
import { newestModel } from '#db/runs.ts';
import type { Db } from '#db/open.ts';
import type { EventRow } from '#db/tables.ts';
import type { XrayConditions, XrayListRow, XrayScope } from '#db/xrays.ts';

/** The split in force and the run whose answers stand beside the films. */
export function scopeOf(db: Db): XrayScope {
  return { splitSeed: Number(getMeta(db, 'split-seed') ?? 1), run: newestModel(db) };
}

/** `threshold` gives the threshold of a run, for the cells of its matrix. */
export function conditionsOf(filter: XrayFilter, threshold: (run: number) => number): XrayConditions {
  const { answered, ...rest } = filter;
  return answered ? { ...rest, answered: { ...answered, threshold: threshold(answered.run) } } : rest;
}

/** `readers`: name shown for each reader key. */
export function toXray(row: XrayListRow, readers: Map<string, string>): Xray {
  const problems: XrayProblem[] = [];
  if (row.twin_group !== null) problems.push('near-duplicate');
  if (row.two_labels) problems.push('two-labels');
  if (row.patient === null) problems.push('no-patient');
  if (row.blurred) problems.push('blurred');
  if (row.burned_in) problems.push('burned-in-text');
  return {
    id: row.id,
    sha256: row.sha256,
    file: row.file,
    frame: row.frame,
    frames: row.frames,
    label: row.label as Label | null,
    labelledAt: row.label === null ? null : row.labelled_at,
    labelledBy: row.label === null ? null : nameOf(row.labelled_by, readers),
    patient: row.patient,
    study: row.study,
    bodyPart: row.body_part,
    projection: row.projection,
    laterality: row.laterality,
    source: row.source,
    width: row.width,
    height: row.height,
    bits: row.bits,
    synthetic: row.synthetic === 1,
    part: row.part as Xray['part'],
    probability: row.probability,
    problems,
  };
}

export function toLabelEvent(event: EventRow, readers: Map<string, string>): LabelEvent {
  return {
    seq: event.seq,
    at: event.at,
    reader: nameOf(event.reader, readers) ?? event.reader,
    xray: event.xray_id,
    before: event.before as Label | null,
    after: event.after as Label | null,
    why: event.why as LabelEvent['why'],
  };
}

function nameOf(key: string | null, readers: Map<string, string>): string | null {
  return key === null ? null : (readers.get(key) ?? key);
}
