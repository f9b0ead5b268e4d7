// Films under a filter: windows of the list, counts of every facet, one film in full.
import type { Facets, Xray, XrayDetail, XrayFilter, XraySort } from '#api/xrays.ts';
import { eventsOfXray } from '#db/labels.ts';
import { readerNames } from '#db/readers.ts';
import { getRun } from '#db/runs.ts';
import {
  countXrays,
  doubtCounts,
  facetCounts,
  getXray,
  listXrays,
  marksOf,
  problemCounts,
  xrayIds,
} from '#db/xrays.ts';
import type { FacetName, XrayConditions } from '#db/xrays.ts';
import type { OpenLibrary } from '#core/libraries/open.ts';
import { Problem } from '#core/problem.ts';
import { conditionsOf, scopeOf, toLabelEvent, toXray } from './filter.ts';

/** Films of one patient shown beside a film. */
const SAME_PATIENT = 24;

export function listFilms(
  library: OpenLibrary,
  filter: XrayFilter,
  sort: XraySort,
  offset: number,
  limit: number,
): { total: number; films: Xray[] } {
  const { db } = library;
  const scope = scopeOf(db);
  const conditions = within(library, filter);
  const readers = readerNames(db);
  return {
    total: countXrays(db, scope, conditions).films,
    films: listXrays(db, scope, conditions, sort, offset, limit).map((row) => toXray(row, readers)),
  };
}

export function filmIds(library: OpenLibrary, filter: XrayFilter, sort: XraySort): number[] {
  return xrayIds(library.db, scopeOf(library.db), within(library, filter), sort);
}

export function countFacets(library: OpenLibrary, filter: XrayFilter): Facets {
  const { db } = library;
  const scope = scopeOf(db);
  const conditions = within(library, filter);
  const { films, patients } = countXrays(db, scope, conditions);
  const count = (facet: FacetName) =>
    facetCounts(db, scope, conditions, facet)
      .map(({ value, films }) => ({ value: value ?? 'none', films }))
      .sort((a, b) => Number(a.value === 'none') - Number(b.value === 'none') || b.films - a.films);
  const readers = readerNames(db);
  const doubt = new Array<number>(20).fill(0);
  for (const { bin, films } of doubtCounts(db, scope, conditions)) doubt[Math.max(0, bin)] = films;
  return {
    total: films,
    library: countXrays(db, scope, {}).films,
    patients,
    label: count('label'),
    projection: count('projection'),
    bodyPart: count('bodyPart'),
    part: count('part'),
    source: count('source'),
    reader: count('reader').map(({ value, films }) => ({ value: readers.get(value) ?? value, films })),
    problem: Object.entries(problemCounts(db, scope, conditions)).map(([value, films]) => ({ value, films })),
    doubt,
  };
}

/** Throws XRAY_NOT_FOUND. */
export function filmDetail(library: OpenLibrary, id: number): XrayDetail {
  const { db } = library;
  const scope = scopeOf(db);
  const row = getXray(db, scope, id);
  if (!row) throw new Problem('XRAY_NOT_FOUND', { xray: id });
  const readers = readerNames(db);
  const same =
    row.patient === null ? [] : listXrays(db, scope, { patient: [row.patient] }, 'imported', 0, SAME_PATIENT);
  return {
    ...toXray(row, readers),
    importedAt: row.imported_at,
    import: row.import_id,
    mediaType: row.media_type,
    bytes: row.bytes,
    pixelSpacingMm: row.pixel_spacing_mm,
    pixelSpacingSource: row.pixel_spacing_source,
    studyDate: row.study_date,
    scoredBy: row.probability === null ? null : scope.run,
    threshold: row.probability === null || scope.run === null ? null : thresholdOf(library, scope.run),
    history: eventsOfXray(db, id).map((event) => toLabelEvent(event, readers)),
    samePatient: same.map((film) => toXray(film, readers)),
    marks: marksOf(db, id),
  };
}

/** Threshold a run chose on its checking films. Throws RUN_NOT_DONE where it has none. */
export function thresholdOf(library: OpenLibrary, run: number): number {
  const row = getRun(library.db, run);
  if (!row) throw new Problem('RUN_NOT_FOUND', { run });
  const checking = row.checking && (JSON.parse(row.checking) as { threshold: number });
  if (!checking) throw new Problem('RUN_NOT_DONE', { run });
  return checking.threshold;
}

/** Reader names of the filter become keys; everything else goes through. */
function within(library: OpenLibrary, filter: XrayFilter): XrayConditions {
  const conditions = conditionsOf(filter, (run) => thresholdOf(library, run));
  if (!filter.reader) return conditions;
  const keys = new Map([...readerNames(library.db)].map(([key, name]) => [name, key]));
  return { ...conditions, reader: filter.reader.map((name) => keys.get(name) ?? name) };
}
