ALTER TABLE usage_reshape ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_reshape FORCE ROW LEVEL SECURITY;

CREATE POLICY ingest ON usage_reshape TO tollgate_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON usage_reshape TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
