-- Mappings have versions, a posting can have a further forwarding to an account (backfill), a mailbox can demand that
-- its readings are mapped, the ISO's words about a file are kept one by one, and what its list shows is kept.

-- Which ISO resource a meter's channel and unit is, from one day up to, not including, another (days as ccyy-mm-dd).
-- A version is in force from the event `since_event` up to, not including, `until_event` (NULL: still). An empty
-- channel is every channel.
CREATE TABLE resource_version (
  id INTEGER NOT NULL,
  meter TEXT NOT NULL,
  channel TEXT NOT NULL,
  unit TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  measurement_type TEXT NOT NULL,
  iso_unit TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('delivered', 'received')),
  account TEXT NOT NULL,
  way TEXT NOT NULL CHECK (way IN ('omar', 'mris')),
  effective_from TEXT NOT NULL,
  effective_to TEXT CHECK (effective_to > effective_from),
  since_event INTEGER NOT NULL,
  until_event INTEGER,
  PRIMARY KEY (id, since_event)
) STRICT, WITHOUT ROWID;
-- A mapping that a later one cut short was in force as it was made until then: what was forwarded meanwhile went by it.
INSERT INTO resource_version
  WITH made AS (
    SELECT resource.*, coalesce(e.sequence, 0) AS made_event,
      iif(e.sequence IS NULL, effective_to, e.body ->> 'effectiveTo') AS made_to
    FROM resource LEFT JOIN event e ON e.subject = 'resource' AND e.subject_id = resource.id AND e.kind = 'mapped'
  ), ends AS (
    SELECT r.id, later.made_event AS since, iif(later.id = r.id, r.made_to, later.effective_from) AS ends_on
    FROM made r JOIN made later ON later.meter = r.meter AND later.unit = r.unit AND (later.id = r.id
      OR (later.made_event > r.made_event AND later.effective_from > r.effective_from))
  ), cuts AS (
    SELECT *, min(coalesce(ends_on, '9999-99-99')) OVER (PARTITION BY id ORDER BY since
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ended_on
    FROM ends
  ), versions AS (
    SELECT id, since, ends_on, lead(since) OVER (PARTITION BY id ORDER BY since) AS until
    FROM cuts WHERE ended_on IS NULL OR ends_on < ended_on
  )
  SELECT r.id, meter, '', unit, resource_id, measurement_type,
    CASE WHEN unit IN ('KVARH', 'GKVARH') THEN 'KVARH' ELSE 'KWH' END,
    CASE WHEN unit IN ('GKWH', 'GKVARH') THEN 'received' ELSE 'delivered' END,
    account, way, effective_from, ends_on, since, until
  FROM versions JOIN resource r ON r.id = versions.id;
DROP TABLE resource;
ALTER TABLE resource_version RENAME TO resource;
CREATE INDEX resource_meter ON resource (meter, unit, channel, effective_from);

-- `backfill` counts the times that readings of the posting were forwarded later, because their meters were mapped
-- later; 0 is what was created with the posting.
CREATE TABLE forwarding_2 (
  id INTEGER PRIMARY KEY,
  transaction_number INTEGER NOT NULL REFERENCES posting (transaction_number),
  account TEXT NOT NULL,
  way TEXT NOT NULL CHECK (way IN ('omar', 'mris')),
  backfill INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (state IN ('due', 'prepared', 'submitting', 'unknown', 'following', 'accepted',
    'rejected', 'person', 'superseded', 'empty', 'closed')),
  reason TEXT NOT NULL,
  due_at INTEGER,
  is_held INTEGER NOT NULL DEFAULT 0 CHECK (is_held IN (0, 1)),
  lease_holder TEXT REFERENCES instance (id),
  lease_until_at INTEGER,
  unmapped INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  UNIQUE (transaction_number, account, way, backfill)
) STRICT;
INSERT INTO forwarding_2 SELECT id, transaction_number, account, way, 0, state, reason, due_at, is_held, lease_holder,
  lease_until_at, unmapped, created_at, changed_at FROM forwarding;
DROP TABLE forwarding;
ALTER TABLE forwarding_2 RENAME TO forwarding;
CREATE INDEX forwarding_due ON forwarding (account, way, due_at) WHERE due_at IS NOT NULL AND is_held = 0;
CREATE INDEX forwarding_state ON forwarding (state, id);

ALTER TABLE mailbox ADD COLUMN demands_mapping INTEGER NOT NULL DEFAULT 0 CHECK (demands_mapping IN (0, 1));

-- What the ISO found wrong in what was submitted, in its words, and what in the posting that is, as far as the words
-- tell (empty, or NULL, where they do not). `line` is the line of the part.
CREATE TABLE submission_error (
  submission_id INTEGER NOT NULL REFERENCES submission (id),
  number INTEGER NOT NULL,
  words TEXT NOT NULL,
  occurrences INTEGER NOT NULL,
  resource_id TEXT NOT NULL,
  meter TEXT NOT NULL,
  unit TEXT NOT NULL,
  interval_end_at INTEGER,
  line INTEGER,
  PRIMARY KEY (submission_id, number)
) STRICT, WITHOUT ROWID;

-- What the ISO's own list showed when it was last walked, of every account: for the reconciliation.
CREATE TABLE iso_file (
  account TEXT NOT NULL,
  iso_file_id TEXT NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  records INTEGER,
  received TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (account, iso_file_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX submission_iso_file ON submission (iso_file_id) WHERE iso_file_id IS NOT NULL;
