// Films: one statement builder for every filter, order and facet. Must not know pixels.
import type { Box } from '#api/box.ts';
import { sql } from 'kysely';
import type { Expression, SelectQueryBuilder, SqlBool } from 'kysely';
import type { Db } from './open.ts';
import type { Tables, XrayRow } from './tables.ts';

/** A filter as rows understand it; `none` in a list stands for "no value". */
export interface XrayConditions {
  search?: string | undefined;
  label?: string[] | undefined;
  projection?: string[] | undefined;
  bodyPart?: string[] | undefined;
  part?: string[] | undefined;
  source?: string[] | undefined;
  reader?: string[] | undefined;
  patient?: string[] | undefined;
  problem?: string[] | undefined;
  doubt?: number[] | undefined;
  import?: number | undefined;
  ids?: number[] | undefined;
  answered?: { run: number; label: string; answer: string; threshold: number } | undefined;
  trashed?: boolean | undefined;
}

/** What the rows are joined with: the split in force and the run whose answers stand. */
export interface XrayScope {
  splitSeed: number;
  run: number | null;
}

export interface XrayListRow extends XrayRow {
  id: number;
  label: string | null;
  labelled_at: string | null;
  labelled_by: string | null;
  part: string | null;
  probability: number | null;
}

export type XrayOrder = 'read' | 'imported' | 'file' | 'patient' | 'doubt' | 'wrong';

type Joined = Tables & {
  l: Tables['labels'];
  s: Tables['split_films'];
  r: Tables['run_films'];
  x: Tables['xrays'];
};
type Query<O> = SelectQueryBuilder<Joined, 'x' | 'l' | 's' | 'r', O>;

const problemColumns: Record<string, Expression<SqlBool>> = {
  'near-duplicate': sql<SqlBool>`x.twin_group IS NOT NULL`,
  'two-labels': sql<SqlBool>`x.two_labels = 1`,
  'no-patient': sql<SqlBool>`x.patient IS NULL`,
  blurred: sql<SqlBool>`x.blurred = 1`,
  'burned-in-text': sql<SqlBool>`x.burned_in = 1`,
};

/** Twentieth of doubt: 0 where the run is sure, 19 where it stands at a half. */
const doubtBin = sql<number>`min(19, cast((1 - abs(r.probability - 0.5) * 2) * 20 AS INTEGER))`;

const facetColumns = {
  label: sql<string | null>`l.label`,
  projection: sql<string | null>`x.projection`,
  bodyPart: sql<string | null>`x.body_part`,
  part: sql<string | null>`s.part`,
  source: sql<string | null>`x.source`,
  reader: sql<string | null>`l.reader`,
  patient: sql<string | null>`x.patient`,
} as const;
export type FacetName = keyof typeof facetColumns;

export function listXrays(
  db: Db,
  scope: XrayScope,
  conditions: XrayConditions,
  order: XrayOrder,
  offset: number,
  limit: number,
): XrayListRow[] {
  const query = ordered(joined(db, scope, conditions), order)
    .selectAll('x')
    .select(['l.label', 'l.at as labelled_at', 'l.reader as labelled_by', 's.part', 'r.probability'])
    .offset(offset)
    .limit(limit);
  return db.all(query) as XrayListRow[];
}

export function xrayIds(db: Db, scope: XrayScope, conditions: XrayConditions, order: XrayOrder): number[] {
  return db.all(ordered(joined(db, scope, conditions), order).select('x.id')).map((row) => row.id);
}

export function countXrays(db: Db, scope: XrayScope, conditions: XrayConditions): { films: number; patients: number } {
  const query = joined(db, scope, conditions).select([
    sql<number>`count(*)`.as('films'),
    sql<number>`count(DISTINCT x.patient)`.as('patients'),
  ]);
  return db.get(query) ?? { films: 0, patients: 0 };
}

/** Films under each value of one facet, all other conditions holding; value null is "none". */
export function facetCounts(
  db: Db,
  scope: XrayScope,
  conditions: XrayConditions,
  facet: FacetName,
): { value: string | null; films: number }[] {
  const others = { ...conditions, [facet]: undefined };
  const column = facetColumns[facet];
  const query = joined(db, scope, others)
    .select([column.as('value'), sql<number>`count(*)`.as('films')])
    .groupBy(column);
  return db.all(query);
}

export function problemCounts(db: Db, scope: XrayScope, conditions: XrayConditions): Record<string, number> {
  const query = joined(db, scope, { ...conditions, problem: undefined }).select(
    Object.entries(problemColumns).map(([name, holds]) => sql<number>`coalesce(sum(${holds}), 0)`.as(name)),
  );
  return (db.get(query) ?? {}) as Record<string, number>;
}

export function doubtCounts(db: Db, scope: XrayScope, conditions: XrayConditions): { bin: number; films: number }[] {
  const query = joined(db, scope, { ...conditions, doubt: undefined })
    .where('r.probability', 'is not', null)
    .select([doubtBin.as('bin'), sql<number>`count(*)`.as('films')])
    .groupBy(sql`bin`);
  return db.all(query);
}

export function getXray(db: Db, scope: XrayScope, id: number): XrayListRow | undefined {
  return (
    listXrays(db, scope, { ids: [id] }, 'imported', 0, 1)[0] ??
    listXrays(db, scope, { ids: [id], trashed: true }, 'imported', 0, 1)[0]
  );
}

export function marksOf(db: Db, xray: number): Box[] {
  return db.all(db.build.selectFrom('marks').select(['x', 'y', 'width', 'height']).where('xray_id', '=', xray));
}

/** Boxes on films, with the size of the film each is on. */
export function boxesOnFilms(db: Db, ids: number[]) {
  const query = db.build
    .selectFrom('marks as m')
    .innerJoin('xrays as x', 'x.id', 'm.xray_id')
    .select(['x.id as film', 'x.width as filmWidth', 'x.height as filmHeight', 'm.x', 'm.y', 'm.width', 'm.height'])
    .where('m.kind', '=', 'box')
    .where(sql<SqlBool>`x.id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
    .orderBy('m.id');
  return db.all(query);
}

export function setTrashed(db: Db, ids: number[], at: string | null): number {
  let films = 0;
  for (let i = 0; i < ids.length; i += 5000) {
    const query = db.build
      .updateTable('xrays')
      .set({ trashed_at: at })
      .where('id', 'in', ids.slice(i, i + 5000))
      .where('trashed_at', at === null ? 'is not' : 'is', null);
    films += db.run(query).changes;
  }
  return films;
}

/** Whether each film is in the trash, and since when. */
export function trashStates(db: Db, ids: number[]): { sha256: string; frame: number; trashed_at: string | null }[] {
  return db.all(
    db.build
      .selectFrom('xrays')
      .select(['sha256', 'frame', 'trashed_at'])
      .where(sql<SqlBool>`id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
      .orderBy('id'),
  );
}

function joined(db: Db, scope: XrayScope, conditions: XrayConditions): Query<object> {
  const query = db.build
    .selectFrom('xrays as x')
    .leftJoin('labels as l', 'l.xray_id', 'x.id')
    .leftJoin('split_films as s', (join) => join.onRef('s.xray_id', '=', 'x.id').on('s.seed', '=', scope.splitSeed))
    .leftJoin('run_films as r', (join) => join.onRef('r.xray_id', '=', 'x.id').on('r.run_id', '=', scope.run ?? -1));
  return narrowed(query as unknown as Query<object>, conditions);
}

function narrowed(query: Query<object>, conditions: XrayConditions): Query<object> {
  let q = query.where('x.trashed_at', conditions.trashed ? 'is not' : 'is', null);
  for (const name of Object.keys(facetColumns) as FacetName[]) {
    const wanted = conditions[name];
    if (wanted?.length) q = q.where(anyOf(facetColumns[name], wanted));
  }
  if (conditions.problem?.length) {
    const tests = conditions.problem.flatMap((name) => problemColumns[name] ?? []);
    q = q.where((e) => e.or(tests));
  }
  if (conditions.doubt?.length) q = q.where(doubtBin, 'in', conditions.doubt).where('r.probability', 'is not', null);
  if (conditions.import !== undefined) q = q.where('x.import_id', '=', conditions.import);
  if (conditions.ids)
    q = q.where(sql<SqlBool>`x.id IN (SELECT value FROM json_each(${JSON.stringify(conditions.ids)}))`);
  if (conditions.answered) q = q.where(inCell(conditions.answered));
  for (const word of (conditions.search ?? '').split(/\s+/).filter(Boolean)) q = q.where(contains(word));
  return q;
}

function anyOf(column: Expression<string | null>, wanted: string[]): Expression<SqlBool> {
  const values = wanted.filter((value) => value !== 'none');
  const list = sql.join(values.length ? values : ['\u0000']);
  return wanted.includes('none')
    ? sql<SqlBool>`(${column} IS NULL OR ${column} IN (${list}))`
    : sql<SqlBool>`${column} IN (${list})`;
}

function inCell(cell: { run: number; label: string; answer: string; threshold: number }): Expression<SqlBool> {
  const side = cell.answer === 'fracture' ? sql`>=` : sql`<`;
  return sql<SqlBool>`EXISTS (SELECT 1 FROM run_films c WHERE c.xray_id = x.id AND c.run_id = ${cell.run}
    AND c.part = 'judge' AND c.label = ${cell.label} AND c.probability ${side} ${cell.threshold})`;
}

function contains(word: string): Expression<SqlBool> {
  const like = `%${word.replace(/[\\%_]/g, (c) => `\\${c}`)}%`;
  return sql<SqlBool>`(x.file LIKE ${like} ESCAPE '\\' OR x.patient LIKE ${like} ESCAPE '\\'
    OR x.body_part LIKE ${like} ESCAPE '\\' OR x.projection LIKE ${like} ESCAPE '\\'
    OR x.study LIKE ${like} ESCAPE '\\' OR x.source LIKE ${like} ESCAPE '\\')`;
}

function ordered(query: Query<object>, order: XrayOrder): Query<object> {
  switch (order) {
    case 'read':
      return query
        .orderBy(sql`l.seq IS NULL`)
        .orderBy('l.seq', 'desc')
        .orderBy('x.id');
    case 'file':
      return query.orderBy('x.file').orderBy('x.frame').orderBy('x.id');
    case 'patient':
      return query
        .orderBy(sql`x.patient IS NULL`)
        .orderBy('x.patient')
        .orderBy('x.study')
        .orderBy('x.id');
    case 'doubt':
      return query
        .orderBy(sql`r.probability IS NULL`)
        .orderBy(sql`abs(r.probability - 0.5)`)
        .orderBy('x.id');
    case 'wrong':
      return query
        .orderBy(sql`r.probability IS NULL`)
        .orderBy(sql`CASE l.label WHEN 'fracture' THEN r.probability WHEN 'whole' THEN 1 - r.probability ELSE 0.5 END`)
        .orderBy('x.id');
    case 'imported':
      return query.orderBy('x.id');
  }
}

export interface LibraryCounts {
  films: number;
  labelled: number;
  patients: number;
  withoutPatient: number;
  synthetic: number;
  trashed: number;
  bytes: number;
}

export function libraryCounts(db: Db): LibraryCounts {
  const row = db.raw
    .prepare(
      `SELECT count(*) FILTER (WHERE x.trashed_at IS NULL) AS films,
         count(*) FILTER (WHERE x.trashed_at IS NULL AND l.label IS NOT NULL) AS labelled,
         count(DISTINCT CASE WHEN x.trashed_at IS NULL THEN x.patient END) AS patients,
         count(*) FILTER (WHERE x.trashed_at IS NULL AND x.patient IS NULL) AS withoutPatient,
         count(*) FILTER (WHERE x.trashed_at IS NULL AND x.synthetic) AS synthetic,
         count(*) FILTER (WHERE x.trashed_at IS NOT NULL) AS trashed,
         coalesce(sum(x.bytes) FILTER (WHERE x.frame = 0), 0) AS bytes
       FROM xrays x LEFT JOIN labels l ON l.xray_id = x.id`,
    )
    .get();
  return row as LibraryCounts;
}

/** Films by row number, also those in the trash. */
export function xraysByIds(db: Db, ids: number[]): (XrayRow & { id: number })[] {
  const query = db.build
    .selectFrom('xrays')
    .selectAll()
    .where(sql<SqlBool>`id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
    .orderBy('id');
  return db.all(query);
}
