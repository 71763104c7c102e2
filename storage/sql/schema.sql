-- Written by "npm run schema" from the migrations; do not edit.

CREATE VIEW reading_set AS
  SELECT r.source_id, r.number, r.line, r.byte_start, r.byte_end, k.sender, k.receiver, r.account, r.sdp, r.meter,
    k.commodity, k.unit, k.channel, k.purpose, k.multiplier, k.interval_minutes, r.period_start_at, r.period_end_at,
    r.readings, r.estimated, r.adjusted, r.raw, r.missing, k.external_reference, r.state
  FROM reading_set_row r JOIN reading_set_kind k ON k.source_id = r.source_id AND k.number = r.kind;

CREATE TRIGGER event_is_append_only_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE TRIGGER event_is_append_only_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE TABLE account_pause (
  account TEXT NOT NULL,
  way TEXT NOT NULL,
  until_at INTEGER NOT NULL,
  PRIMARY KEY (account, way)
) STRICT, WITHOUT ROWID;

CREATE TABLE api_key (
  id TEXT PRIMARY KEY,
  participant_id INTEGER NOT NULL REFERENCES participant (id),
  secret_sha256 TEXT NOT NULL CHECK (length(secret_sha256) = 64),
  label TEXT NOT NULL,
  issued_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER
) STRICT;

CREATE TABLE certificate (
  fingerprint TEXT PRIMARY KEY CHECK (length(fingerprint) = 64),
  participant_id INTEGER NOT NULL REFERENCES participant (id),
  subject TEXT NOT NULL,
  valid_from_at INTEGER NOT NULL,
  valid_to_at INTEGER NOT NULL,
  registered_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;

CREATE TABLE coding (
  file_id INTEGER NOT NULL REFERENCES file (id),
  coding TEXT NOT NULL CHECK (coding IN ('gzip', 'zstd')),
  key TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (file_id, coding)
) STRICT, WITHOUT ROWID;

CREATE TABLE derivation (
  file_id INTEGER NOT NULL REFERENCES file (id),
  source_id INTEGER NOT NULL REFERENCES source (id),
  byte_start INTEGER NOT NULL,
  byte_end INTEGER NOT NULL,
  PRIMARY KEY (source_id, file_id, byte_start)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
  sequence INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  instance TEXT NOT NULL REFERENCES instance (id),
  subject TEXT NOT NULL,
  subject_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE file (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  bytes INTEGER NOT NULL CHECK (bytes >= 0),
  root TEXT NOT NULL CHECK (root IN ('on-line', 'archive')),
  created_at INTEGER NOT NULL,
  leaves_at INTEGER,
  delete_at INTEGER,
  is_held INTEGER NOT NULL DEFAULT 0 CHECK (is_held IN (0, 1)),
  is_coded INTEGER NOT NULL CHECK (is_coded IN (0, 1)),
  deleted_at INTEGER
) STRICT;

CREATE TABLE "forwarding" (
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
  changed_at INTEGER NOT NULL, stuck_since_at INTEGER, attention TEXT CHECK (attention IN ('overdue', 'stuck')),
  UNIQUE (transaction_number, account, way, backfill)
) STRICT;

CREATE TABLE instance (
  id TEXT PRIMARY KEY,
  program TEXT NOT NULL CHECK (program IN ('server', 'bridge', 'ops')),
  started_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;

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

CREATE TABLE kept_page (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  kind TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  why TEXT NOT NULL,
  file_id INTEGER NOT NULL REFERENCES file (id),
  kept_at INTEGER NOT NULL,
  released_at INTEGER, http_status INTEGER, content_type TEXT,
  UNIQUE (account, kind, fingerprint)
) STRICT;

CREATE TABLE lease (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL REFERENCES instance (id),
  until_at INTEGER NOT NULL
) STRICT;

CREATE TABLE mailbox (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  owner_id INTEGER NOT NULL REFERENCES participant (id),
  zone TEXT NOT NULL,
  profile TEXT NOT NULL,
  on_line_days INTEGER NOT NULL CHECK (on_line_days >= 3),
  allows_raw INTEGER NOT NULL CHECK (allows_raw IN (0, 1)),
  created_at INTEGER NOT NULL
, demands_mapping INTEGER NOT NULL DEFAULT 0 CHECK (demands_mapping IN (0, 1)), levels TEXT NOT NULL DEFAULT '{}', receivers TEXT NOT NULL DEFAULT '[]') STRICT;

CREATE TABLE mailbox_file (
  mailbox_id INTEGER NOT NULL REFERENCES mailbox (id),
  name TEXT NOT NULL,
  transaction_number INTEGER NOT NULL REFERENCES posting (transaction_number),
  file_id INTEGER NOT NULL REFERENCES file (id),
  records INTEGER NOT NULL,
  posted_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  leaves_at INTEGER NOT NULL,
  archived_at INTEGER,
  first_retrieved_at INTEGER,
  acknowledged_at INTEGER,
  PRIMARY KEY (mailbox_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE migration (version INTEGER PRIMARY KEY) STRICT;

CREATE TABLE "part" (
  id INTEGER PRIMARY KEY,
  forwarding_id INTEGER NOT NULL REFERENCES forwarding (id),
  number INTEGER NOT NULL,
  file_id INTEGER NOT NULL REFERENCES file (id),
  extension TEXT NOT NULL CHECK (extension IN ('csv', 'dat', 'xml')),
  records INTEGER NOT NULL,
  UNIQUE (forwarding_id, number)
) STRICT;

CREATE TABLE participant (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('participant', 'staff', 'program')),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE posting (
  transaction_number INTEGER PRIMARY KEY AUTOINCREMENT,
  source_id INTEGER NOT NULL UNIQUE REFERENCES source (id),
  posted_by INTEGER NOT NULL REFERENCES participant (id),
  posted_at INTEGER NOT NULL,
  original_name TEXT NOT NULL,
  format TEXT NOT NULL,
  profile TEXT NOT NULL,
  summary TEXT NOT NULL,
  is_complete INTEGER NOT NULL CHECK (is_complete IN (0, 1)),
  corrects INTEGER REFERENCES posting (transaction_number),
  reason_code TEXT,
  note TEXT NOT NULL,
  iso_account TEXT,
  idempotency_key TEXT,
  request_sha256 TEXT,
  CHECK ((corrects IS NULL) = (reason_code IS NULL)),
  CHECK ((idempotency_key IS NULL) = (request_sha256 IS NULL)),
  UNIQUE (posted_by, idempotency_key)
) STRICT;

CREATE TABLE reading_set_kind (
  source_id INTEGER NOT NULL REFERENCES source (id),
  number INTEGER NOT NULL,
  sender TEXT NOT NULL,
  receiver TEXT NOT NULL,
  commodity TEXT NOT NULL,
  unit TEXT NOT NULL,
  channel TEXT NOT NULL,
  purpose TEXT NOT NULL,
  multiplier TEXT NOT NULL,
  interval_minutes INTEGER NOT NULL,
  external_reference TEXT NOT NULL,
  PRIMARY KEY (source_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE reading_set_row (
  source_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  line INTEGER NOT NULL,
  byte_start INTEGER NOT NULL,
  byte_end INTEGER NOT NULL,
  account TEXT NOT NULL,
  sdp TEXT NOT NULL,
  meter TEXT NOT NULL,
  period_start_at INTEGER NOT NULL,
  period_end_at INTEGER NOT NULL,
  readings INTEGER NOT NULL,
  estimated INTEGER NOT NULL,
  adjusted INTEGER NOT NULL,
  raw INTEGER NOT NULL,
  missing INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state = 'live' OR state = 'superseded' OR state = 'withdrawn'),
  PRIMARY KEY (source_id, number),
  FOREIGN KEY (source_id, kind) REFERENCES reading_set_kind (source_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE refusal (
  id INTEGER PRIMARY KEY,
  refused_by INTEGER NOT NULL REFERENCES participant (id),
  refused_at INTEGER NOT NULL,
  original_name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  reason TEXT NOT NULL,
  fault_counts TEXT NOT NULL,
  faults TEXT NOT NULL
) STRICT;

CREATE TABLE "resource" (
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

CREATE TABLE "retrieval" (
  id INTEGER PRIMARY KEY,
  mailbox_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  participant_id INTEGER NOT NULL REFERENCES participant (id),
  credential TEXT NOT NULL,
  address TEXT NOT NULL,
  coding TEXT NOT NULL CHECK (coding = 'identity' OR coding = 'gzip' OR coding = 'zstd'),
  range_start INTEGER,
  range_end INTEGER,
  instance TEXT NOT NULL REFERENCES instance (id),
  opened_at INTEGER NOT NULL,
  ended_at INTEGER,
  bytes_sent INTEGER,
  state TEXT NOT NULL CHECK (state = 'open' OR state = 'interrupted' OR state = 'sent' OR state = 'acknowledged'),
  CHECK ((state = 'open') = (ended_at IS NULL)),
  FOREIGN KEY (mailbox_id, name) REFERENCES mailbox_file (mailbox_id, name)
) STRICT;

CREATE TABLE retrieve_pace (
  account TEXT PRIMARY KEY,
  next_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  state TEXT NOT NULL CHECK (state IN ('receiving', 'posted')),
  instance TEXT NOT NULL REFERENCES instance (id),
  file_id INTEGER REFERENCES file (id),
  CHECK ((state = 'posted') = (file_id IS NOT NULL))
) STRICT;

CREATE TABLE store (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  store_id TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE submission (
  id INTEGER PRIMARY KEY,
  part_id INTEGER NOT NULL REFERENCES part (id),
  attempt INTEGER NOT NULL,
  iso_name TEXT NOT NULL UNIQUE,
  instance TEXT NOT NULL REFERENCES instance (id),
  state TEXT NOT NULL CHECK (state IN ('intended', 'unknown', 'absent', 'refused', 'sent', 'accepted', 'rejected')),
  intended_at INTEGER NOT NULL,
  deadline_at INTEGER NOT NULL,
  iso_file_id TEXT,
  iso_status TEXT,
  polls INTEGER NOT NULL DEFAULT 0,
  words TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  UNIQUE (part_id, attempt)
) STRICT;

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

CREATE TABLE user_pace (
  user TEXT PRIMARY KEY,
  next_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX api_key_participant ON api_key (participant_id);

CREATE INDEX certificate_participant ON certificate (participant_id);

CREATE INDEX event_subject ON event (subject, subject_id);

CREATE INDEX file_delete ON file (delete_at) WHERE deleted_at IS NULL AND is_held = 0 AND delete_at IS NOT NULL;

CREATE INDEX file_leaves ON file (leaves_at) WHERE root = 'on-line' AND deleted_at IS NULL AND leaves_at IS NOT NULL;

CREATE INDEX file_uncoded ON file (id) WHERE is_coded = 0;

CREATE INDEX forwarding_attention ON forwarding (attention) WHERE attention IS NOT NULL;

CREATE INDEX forwarding_due ON forwarding (account, way, due_at) WHERE due_at IS NOT NULL AND is_held = 0;

CREATE INDEX forwarding_state ON forwarding (state, id);

CREATE INDEX mailbox_file_changed ON mailbox_file (mailbox_id, changed_at, name);

CREATE INDEX mailbox_file_file ON mailbox_file (file_id);

CREATE INDEX mailbox_file_leaves ON mailbox_file (leaves_at) WHERE archived_at IS NULL;

CREATE INDEX mailbox_file_on_line ON mailbox_file (mailbox_id, name) WHERE archived_at IS NULL;

CREATE INDEX mailbox_file_transaction ON mailbox_file (transaction_number);

CREATE INDEX mailbox_owner ON mailbox (owner_id);

CREATE INDEX posting_corrects ON posting (corrects) WHERE corrects IS NOT NULL;

CREATE INDEX posting_poster ON posting (posted_by);

CREATE INDEX reading_set_row_meter ON reading_set_row (meter);

CREATE INDEX resource_meter ON resource (meter, unit, channel, effective_from);

CREATE INDEX retrieval_file ON retrieval (mailbox_id, name, participant_id);

CREATE INDEX retrieval_mailbox ON retrieval (mailbox_id);

CREATE INDEX retrieval_open ON retrieval (instance) WHERE state = 'open';

CREATE INDEX source_file ON source (file_id) WHERE file_id IS NOT NULL;

CREATE INDEX source_receiving ON source (instance) WHERE state = 'receiving';

CREATE INDEX submission_changed ON submission (changed_at);

CREATE INDEX submission_intended ON submission (intended_at) WHERE iso_file_id IS NOT NULL;

CREATE INDEX submission_iso_file ON submission (iso_file_id) WHERE iso_file_id IS NOT NULL;

CREATE INDEX submission_open ON submission (state, part_id) WHERE state IN ('intended', 'unknown', 'sent');
