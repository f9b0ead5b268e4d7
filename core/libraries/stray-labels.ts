// Labels that do not stand as they were decided, in words. Pure.
import type { StrayLabel } from '#db/labels.ts';

/** Readers by the key they have in decisions. */
export function strayInWords({ file, stands, decided }: StrayLabel): string {
  const now = stands ? said(stands.label, stands.reader, stands.seq) : 'not there';
  const last = decided ? `was ${said(decided.after, decided.reader, decided.seq)}` : 'is not there';
  return `The label of ${file} is ${now}, but the last decision on it ${last}.`;
}

function said(label: string | null, reader: string, seq: number): string {
  return `"${label ?? 'none'}" by ${reader} (decision ${seq})`;
}
