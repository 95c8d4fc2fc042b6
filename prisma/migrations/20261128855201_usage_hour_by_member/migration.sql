-- For reports of one member. Reports go on; ingest of usage waits while the index is built, some seconds for millions of rows.
CREATE INDEX "usage_hour_member_idx" ON "usage_hour" ("org_id", "member_id", "slot");
