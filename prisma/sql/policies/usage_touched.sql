ALTER TABLE usage_touched ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_touched FORCE ROW LEVEL SECURITY;

CREATE POLICY ingest ON usage_touched TO tollgate_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON usage_touched TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
