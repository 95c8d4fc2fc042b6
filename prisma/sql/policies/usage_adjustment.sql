ALTER TABLE usage_adjustment ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_adjustment FORCE ROW LEVEL SECURITY;

CREATE POLICY directory ON usage_adjustment FOR SELECT TO tollgate_directory USING (true);
CREATE POLICY ingest ON usage_adjustment TO tollgate_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON usage_adjustment TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
