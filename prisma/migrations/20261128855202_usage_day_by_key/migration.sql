-- For reports of one key. Reports go on; ingest of usage waits while the index is built, some seconds for millions of rows.
CREATE INDEX "usage_day_key_idx" ON "usage_day" ("org_id", "key_id", "slot");
