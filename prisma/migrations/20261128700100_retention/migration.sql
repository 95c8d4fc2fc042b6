-- How long an organisation keeps requests and alerts; null: as long as the installation does. `requests_since`: requests before
-- it are deleted, or are being deleted. The same for all organisations is the row `usage_event` of `usage_kept`.
CREATE TABLE "retention" (
  "org_id" UUID NOT NULL,
  "requests_days" INTEGER,
  "alerts_days" INTEGER,
  "requests_since" TIMESTAMPTZ(6),
  CONSTRAINT "retention_pkey" PRIMARY KEY ("org_id")
);
ALTER TABLE "retention" ADD CONSTRAINT "retention_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE retention ENABLE ROW LEVEL SECURITY;
ALTER TABLE retention FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT (org_id, requests_days, alerts_days), UPDATE (requests_days, alerts_days) ON retention TO tollgate_control;
GRANT SELECT, UPDATE (requests_since) ON retention TO tollgate_ingest;
GRANT SELECT (org_id, requests_since) ON retention TO tollgate_directory;

-- Requests are deleted by `forget_requests` only, which this role owns. A policy allows it old ones only.
GRANT DELETE ON usage_event TO tollgate_directory;

GRANT DELETE ON alert, alert_delivery, ledger_maintenance TO tollgate_ingest;
GRANT DELETE, SELECT (created_at) ON idempotent_request TO tollgate_ingest;
GRANT SELECT (at) ON usage_quarantine TO tollgate_ingest;
