ALTER TABLE team ENABLE ROW LEVEL SECURITY;
ALTER TABLE team FORCE ROW LEVEL SECURITY;

CREATE POLICY directory ON team FOR SELECT TO tollgate_directory USING (true);
CREATE POLICY ingest ON team FOR SELECT TO tollgate_ingest USING (true);
CREATE POLICY tenant ON team TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
