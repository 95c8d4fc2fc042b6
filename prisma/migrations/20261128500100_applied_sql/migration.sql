-- Which files of prisma/sql this database has, and with what text. A row is kept for as long as the database lives, so that a
-- process of an older version does not put an older text back. It is the owner's: no role that can log in reads it.
CREATE TABLE wall.applied_sql (
  -- Path within prisma/sql.
  file text PRIMARY KEY,
  -- SHA-256 of the text, hex.
  hash text NOT NULL,
  -- Hashes of the texts it had before, the latest first; at most 50 are kept.
  replaced text[] NOT NULL DEFAULT '{}',
  applied_at timestamptz NOT NULL DEFAULT now()
);
