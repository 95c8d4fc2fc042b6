-- The former name of usage_limit, for processes of the version before. Remove it in the next version.
-- Callers need the same rights on the table, and its row security applies to them.
CREATE OR REPLACE VIEW spend_limit WITH (security_invoker = true) AS
SELECT
  id, org_id, scope, subject, unit, "window", anchor, amount, mode, thresholds, on_store_down, created_at, updated_at
FROM usage_limit;
GRANT SELECT, INSERT, UPDATE, DELETE ON spend_limit TO tollgate_control;
GRANT SELECT ON spend_limit TO tollgate_ingest;
