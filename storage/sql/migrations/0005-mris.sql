-- Parts can be batches of MRI-S, and when each account may retrieve there again is kept for all bridges.

CREATE TABLE part_2 (
  id INTEGER PRIMARY KEY,
  forwarding_id INTEGER NOT NULL REFERENCES forwarding (id),
  number INTEGER NOT NULL,
  file_id INTEGER NOT NULL REFERENCES file (id),
  extension TEXT NOT NULL CHECK (extension IN ('csv', 'dat', 'xml')),
  records INTEGER NOT NULL,
  UNIQUE (forwarding_id, number)
) STRICT;
INSERT INTO part_2 SELECT id, forwarding_id, number, file_id, extension, records FROM part;
DROP TABLE part;
ALTER TABLE part_2 RENAME TO part;

-- What may have reached the ISO since some instant.
CREATE INDEX submission_changed ON submission (changed_at);
CREATE INDEX submission_open ON submission (state, part_id) WHERE state IN ('intended', 'unknown', 'sent');

-- The first instant at which an account may make its next retrieve.
CREATE TABLE retrieve_pace (
  account TEXT PRIMARY KEY,
  next_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
