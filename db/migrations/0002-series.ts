// Several trainings as one thing: runs over seeds or over folds, and what the runs of a series over seeds answer together.
// Never edit a released migration; write the next one.

export const sql = `
-- owner: number of the opening that is at it, null when over. checking and test: of its runs together, as runs have them.
CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  count INTEGER NOT NULL,
  owner INTEGER,
  settings TEXT NOT NULL,
  started_at TEXT NOT NULL,
  checking TEXT,
  test TEXT
) STRICT;

ALTER TABLE runs ADD COLUMN series_id INTEGER REFERENCES series (id);
CREATE INDEX runs_by_series ON runs (series_id) WHERE series_id IS NOT NULL;

-- What the runs of a series answered together on the judging films.
CREATE TABLE series_films (
  series_id INTEGER NOT NULL REFERENCES series (id),
  xray_id INTEGER NOT NULL REFERENCES xrays (id),
  probability REAL NOT NULL,
  PRIMARY KEY (series_id, xray_id)
) STRICT, WITHOUT ROWID;

-- Judging films that were opened for the runs of a series together: run_id is the first of them.
ALTER TABLE openings ADD COLUMN series_id INTEGER REFERENCES series (id);
`;
