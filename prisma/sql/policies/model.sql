ALTER TABLE model ENABLE ROW LEVEL SECURITY;
ALTER TABLE model FORCE ROW LEVEL SECURITY;

CREATE POLICY directory ON model FOR SELECT TO tollgate_directory USING (true);
CREATE POLICY ingest ON model FOR SELECT TO tollgate_ingest USING (true);
CREATE POLICY tenant ON model TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
