ALTER TABLE limit_increase ENABLE ROW LEVEL SECURITY;
ALTER TABLE limit_increase FORCE ROW LEVEL SECURITY;

CREATE POLICY directory ON limit_increase FOR SELECT TO tollgate_directory USING (true);
CREATE POLICY ingest ON limit_increase FOR SELECT TO tollgate_ingest USING (true);
CREATE POLICY tenant ON limit_increase TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
