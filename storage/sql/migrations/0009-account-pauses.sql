-- Until when an account of the ISO is to be left alone, since the ISO said so (Retry-After): kept for every bridge.

CREATE TABLE account_pause (
  account TEXT NOT NULL,
  way TEXT NOT NULL,
  until_at INTEGER NOT NULL,
  PRIMARY KEY (account, way)
) STRICT, WITHOUT ROWID;
