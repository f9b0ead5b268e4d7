// First shape of a library: films, imports, decisions as events, splits, runs.
// Never edit a released migration; write the next one.

export const sql = `
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- key stands in events and never changes; name is what is shown.
CREATE TABLE readers (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  person INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL
) STRICT;

-- owner: number of the opening that is at it, null when over.
CREATE TABLE imports (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  title TEXT NOT NULL,
  root TEXT NOT NULL,
  layout TEXT NOT NULL,
  state TEXT NOT NULL,
  owner INTEGER,
  found INTEGER NOT NULL DEFAULT 0,
  duplicates INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE refusals (
  import_id INTEGER NOT NULL REFERENCES imports (id),
  path TEXT NOT NULL,
  code TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX refusals_by_import ON refusals (import_id);

-- One film: one frame of one kept file.
CREATE TABLE xrays (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL,
  source_sha256 TEXT NOT NULL,
  pixel_sha256 TEXT NOT NULL,
  frame INTEGER NOT NULL DEFAULT 0,
  frames INTEGER NOT NULL DEFAULT 1,
  file TEXT NOT NULL,
  media_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  bits INTEGER NOT NULL,
  patient TEXT,
  study TEXT,
  study_date TEXT,
  body_part TEXT,
  projection TEXT,
  laterality TEXT,
  source TEXT NOT NULL,
  pixel_spacing_mm REAL,
  pixel_spacing_source TEXT,
  synthetic INTEGER NOT NULL DEFAULT 0,
  blurred INTEGER NOT NULL DEFAULT 0,
  burned_in INTEGER NOT NULL DEFAULT 0,
  fingerprint BLOB NOT NULL,
  twin_group INTEGER,
  two_labels INTEGER NOT NULL DEFAULT 0,
  import_id INTEGER REFERENCES imports (id),
  imported_at TEXT NOT NULL,
  trashed_at TEXT,
  UNIQUE (sha256, frame)
) STRICT;
CREATE INDEX xrays_by_source_sha ON xrays (source_sha256);
CREATE INDEX xrays_by_pixels ON xrays (pixel_sha256);
CREATE INDEX xrays_by_patient ON xrays (patient);
CREATE INDEX xrays_by_import ON xrays (import_id);
CREATE INDEX xrays_by_twins ON xrays (twin_group) WHERE twin_group IS NOT NULL;

-- Boxes that came with a film or were drawn with it, in integer pixels of the original.
CREATE TABLE marks (
  id INTEGER PRIMARY KEY,
  xray_id INTEGER NOT NULL REFERENCES xrays (id),
  kind TEXT NOT NULL,
  label TEXT,
  x INTEGER NOT NULL,
  y INTEGER NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  source TEXT NOT NULL
) STRICT;
CREATE INDEX marks_by_xray ON marks (xray_id);

-- Every decision, for good. film is sha256#frame: it outlives the row number of the film.
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  reader TEXT NOT NULL,
  xray_id INTEGER NOT NULL REFERENCES xrays (id),
  film TEXT NOT NULL,
  before TEXT,
  after TEXT,
  why TEXT NOT NULL,
  act INTEGER NOT NULL,
  reverts INTEGER,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_xray ON events (xray_id);
CREATE INDEX events_by_act ON events (act);
CREATE TRIGGER events_never_change BEFORE UPDATE ON events BEGIN
  SELECT RAISE(ABORT, 'decisions are never changed');
END;
CREATE TRIGGER events_never_go BEFORE DELETE ON events BEGIN
  SELECT RAISE(ABORT, 'decisions are never deleted');
END;

-- Derived from events: the label that stands. Can be rebuilt at any time.
CREATE TABLE labels (
  xray_id INTEGER PRIMARY KEY REFERENCES xrays (id),
  label TEXT,
  reader TEXT NOT NULL,
  at TEXT NOT NULL,
  seq INTEGER NOT NULL
) STRICT;
CREATE INDEX labels_by_label ON labels (label);
CREATE INDEX labels_by_seq ON labels (seq);

CREATE TABLE split_films (
  seed INTEGER NOT NULL,
  xray_id INTEGER NOT NULL REFERENCES xrays (id),
  part TEXT NOT NULL,
  PRIMARY KEY (seed, xray_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE openings (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  run_id INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  split_hash TEXT NOT NULL
) STRICT;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  state TEXT NOT NULL,
  owner INTEGER,
  settings TEXT NOT NULL,
  engine TEXT,
  started_at TEXT NOT NULL,
  seconds REAL,
  best_epoch INTEGER,
  films INTEGER NOT NULL,
  plan TEXT NOT NULL,
  record TEXT NOT NULL,
  checking TEXT,
  test TEXT,
  error TEXT
) STRICT;

CREATE TABLE epochs (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  epoch INTEGER NOT NULL,
  row TEXT NOT NULL,
  PRIMARY KEY (run_id, epoch)
) STRICT, WITHOUT ROWID;

-- The films of a run, the part each stood in, and what the run answered. Judging answers are null while sealed.
CREATE TABLE run_films (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  xray_id INTEGER NOT NULL REFERENCES xrays (id),
  part TEXT NOT NULL,
  label TEXT NOT NULL,
  probability REAL,
  PRIMARY KEY (run_id, xray_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_films_by_xray ON run_films (xray_id);
`;
