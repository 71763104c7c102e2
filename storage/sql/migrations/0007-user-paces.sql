-- The ISO counts retrieves by user, and several accounts may be served with one user's certificate. The table of paces by
-- account stays: a bridge of before this migration may still run, and what it writes there counts for every user.

CREATE TABLE user_pace (
  user TEXT PRIMARY KEY,
  next_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
