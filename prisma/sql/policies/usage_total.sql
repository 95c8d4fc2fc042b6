ALTER TABLE usage_total ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_total FORCE ROW LEVEL SECURITY;

CREATE POLICY ingest ON usage_total TO tollgate_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON usage_total TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
