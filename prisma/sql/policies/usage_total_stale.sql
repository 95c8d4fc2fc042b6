ALTER TABLE usage_total_stale ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_total_stale FORCE ROW LEVEL SECURITY;

CREATE POLICY ingest ON usage_total_stale TO tollgate_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON usage_total_stale TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
