// The tables as TypeScript sees them; what a column means stands in the migrations.
import type { Generated } from 'kysely';

export interface Tables {
  meta: { name: string; value: string };
  readers: { id: Generated<number>; key: string; name: string; person: number; created_at: string };
  imports: {
    id: Generated<number>;
    at: string;
    title: string;
    root: string;
    layout: string;
    state: string;
    owner: number | null;
    found: number;
    duplicates: number;
  };
  refusals: { import_id: number; path: string; code: string; reason: string };
  xrays: XrayRow & { id: Generated<number> };
  marks: {
    id: Generated<number>;
    xray_id: number;
    kind: string;
    label: string | null;
    x: number;
    y: number;
    width: number;
    height: number;
    source: string;
  };
  events: EventRow;
  labels: { xray_id: number; label: string | null; reader: string; at: string; seq: number };
  split_films: { seed: number; xray_id: number; part: string };
  openings: {
    id: Generated<number>;
    at: string;
    run_id: number;
    seed: number;
    split_hash: string;
    series_id: number | null;
  };
  runs: {
    id: Generated<number>;
    state: string;
    owner: number | null;
    settings: string;
    engine: string | null;
    started_at: string;
    seconds: number | null;
    best_epoch: number | null;
    films: number;
    plan: string;
    record: string;
    checking: string | null;
    test: string | null;
    error: string | null;
    /** The series it is one of. */
    series_id: number | null;
  };
  series: {
    id: Generated<number>;
    kind: string;
    count: number;
    owner: number | null;
    settings: string;
    started_at: string;
    checking: string | null;
    test: string | null;
  };
  series_films: { series_id: number; xray_id: number; probability: number };
  epochs: { run_id: number; epoch: number; row: string };
  run_films: { run_id: number; xray_id: number; part: string; label: string; probability: number | null };
}

export interface XrayRow {
  sha256: string;
  source_sha256: string;
  pixel_sha256: string;
  frame: number;
  frames: number;
  file: string;
  media_type: string;
  bytes: number;
  width: number;
  height: number;
  bits: number;
  patient: string | null;
  study: string | null;
  study_date: string | null;
  body_part: string | null;
  projection: string | null;
  laterality: string | null;
  source: string;
  pixel_spacing_mm: number | null;
  pixel_spacing_source: string | null;
  synthetic: number;
  blurred: number;
  burned_in: number;
  fingerprint: Uint8Array;
  twin_group: number | null;
  two_labels: number;
  import_id: number | null;
  imported_at: string;
  trashed_at: string | null;
}

export interface EventRow {
  seq: number;
  at: string;
  reader: string;
  xray_id: number;
  film: string;
  before: string | null;
  after: string | null;
  why: string;
  act: number;
  reverts: number | null;
  previous_hash: string;
  hash: string;
}
