-- The rows that are added with every posting and every download, made cheaper; what they say is the same.
--
-- A check of more than two words is written with OR: for an IN, SQLite builds the list anew for every row.
--
-- What many reading sets of a source have in common stands once, in `reading_set_kind`; what each has of its own, in
-- `reading_set_row`: a row is then half as long and half as dear, and rows are most of what a posting writes.
-- `reading_set` shows both together, as it always did: it is what is read, the two tables are what is written.

-- `number` is that of the first reading set of the kind among those that were added together.
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

INSERT INTO reading_set_kind
  SELECT source_id, min(number), sender, receiver, commodity, unit, channel, purpose, multiplier, interval_minutes,
    external_reference
  FROM reading_set
  GROUP BY source_id, sender, receiver, commodity, unit, channel, purpose, multiplier, interval_minutes,
    external_reference;
INSERT INTO reading_set_row
  SELECT source_id, number,
    min(number) OVER (PARTITION BY source_id, sender, receiver, commodity, unit, channel, purpose, multiplier,
      interval_minutes, external_reference),
    line, byte_start, byte_end, account, sdp, meter, period_start_at, period_end_at, readings, estimated, adjusted,
    raw, missing, state
  FROM reading_set;
DROP TABLE reading_set;

-- The primary key follows in it: the sets of a meter in one source are found as fast.
CREATE INDEX reading_set_row_meter ON reading_set_row (meter);

CREATE VIEW reading_set AS
  SELECT r.source_id, r.number, r.line, r.byte_start, r.byte_end, k.sender, k.receiver, r.account, r.sdp, r.meter,
    k.commodity, k.unit, k.channel, k.purpose, k.multiplier, k.interval_minutes, r.period_start_at, r.period_end_at,
    r.readings, r.estimated, r.adjusted, r.raw, r.missing, k.external_reference, r.state
  FROM reading_set_row r JOIN reading_set_kind k ON k.source_id = r.source_id AND k.number = r.kind;

CREATE TABLE retrieval_2 (
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
INSERT INTO retrieval_2 SELECT id, mailbox_id, name, participant_id, credential, address, coding, range_start, range_end,
  instance, opened_at, ended_at, bytes_sent, state FROM retrieval;
DROP TABLE retrieval;
ALTER TABLE retrieval_2 RENAME TO retrieval;
CREATE INDEX retrieval_file ON retrieval (mailbox_id, name, participant_id);
CREATE INDEX retrieval_mailbox ON retrieval (mailbox_id);
CREATE INDEX retrieval_open ON retrieval (instance) WHERE state = 'open';
