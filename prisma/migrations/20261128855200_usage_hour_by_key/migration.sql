-- For reports of one key. Reports go on; ingest of usage waits while the index is built, some seconds for millions of rows.
CREATE INDEX "usage_hour_key_idx" ON "usage_hour" ("org_id", "key_id", "slot");
