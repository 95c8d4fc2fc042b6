-- The former name of ledger_maintenance, for processes of the version before. Remove it in the next version.
-- Callers need the same rights on the table, and its row security applies to them.
CREATE OR REPLACE VIEW bookkeeping WITH (security_invoker = true) AS
SELECT
  id, org_id, kind, since, until, asked_at, asked_by, done_at, model, provider, note, differences, adjusted, adjusted_nano
FROM ledger_maintenance;
GRANT SELECT, INSERT ON bookkeeping TO tollgate_control;
GRANT SELECT, INSERT, UPDATE ON bookkeeping TO tollgate_ingest;
