-- For reports of one member. Reports go on; ingest of usage waits while the index is built, some seconds for millions of rows.
CREATE INDEX "usage_day_member_idx" ON "usage_day" ("org_id", "member_id", "slot");
