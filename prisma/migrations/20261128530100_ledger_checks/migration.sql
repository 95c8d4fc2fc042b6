-- What was written to the ledger since the last check: an organisation and a UTC hour. The transaction that writes adds the row,
-- and a check of the organisation deletes it. `taken`: a check is under way; if it does not end, another one takes the row at `due_at`.
CREATE TABLE "usage_touched" (
  "org_id" UUID NOT NULL,
  "hour" TIMESTAMPTZ(6) NOT NULL,
  "taken" BOOLEAN NOT NULL DEFAULT false,
  "due_at" TIMESTAMPTZ(6) NOT NULL,
  CONSTRAINT "usage_touched_pkey" PRIMARY KEY ("org_id", "hour", "taken")
);
CREATE INDEX "usage_touched_due_at_idx" ON "usage_touched"("due_at");
ALTER TABLE usage_touched ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_touched FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON usage_touched TO tollgate_ingest;

-- When an organisation's ledger was last checked, and when all of yesterday and today is checked next.
CREATE TABLE "ledger_check" (
  "org_id" UUID NOT NULL,
  "checked_at" TIMESTAMPTZ(6),
  "due_at" TIMESTAMPTZ(6) NOT NULL,
  "limits_due_at" TIMESTAMPTZ(6) NOT NULL DEFAULT '-infinity',
  CONSTRAINT "ledger_check_pkey" PRIMARY KEY ("org_id")
);
CREATE INDEX "ledger_check_due_at_idx" ON "ledger_check"("due_at");
ALTER TABLE "ledger_check" ADD CONSTRAINT "ledger_check_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
GRANT SELECT, INSERT, UPDATE ON ledger_check TO tollgate_ingest;
GRANT SELECT ON ledger_check TO tollgate_control;

-- Spread over the next day.
INSERT INTO ledger_check (org_id, due_at)
SELECT id, now() + make_interval(secs => abs(uuid_hash_extended(id, 0) % 86400)) FROM organisation;
ALTER TABLE ledger_check ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_check FORCE ROW LEVEL SECURITY;

-- How far the search for thresholds that were reached has read policy_change, which has the changes of limits. It begins at
-- `transaction`, which was `latest` in the search before.
CREATE TABLE "alert_look" (
  "name" TEXT NOT NULL,
  "transaction" xid8 NOT NULL,
  "latest" xid8 NOT NULL,
  "at" TIMESTAMPTZ(6) NOT NULL,
  CONSTRAINT "alert_look_pkey" PRIMARY KEY ("name")
);
GRANT SELECT, INSERT, UPDATE ON alert_look TO tollgate_ingest;
GRANT SELECT (transaction, organisation, kind) ON policy_change TO tollgate_ingest;

-- Increases that end.
CREATE INDEX "limit_increase_until_idx" ON "limit_increase"("until") WHERE ("revoked_at" IS NULL);
-- Requests that wait.
CREATE INDEX "ledger_maintenance_waiting_idx" ON "ledger_maintenance"("asked_at") WHERE ("done_at" IS NULL);
