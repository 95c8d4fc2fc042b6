ALTER TABLE target ENABLE ROW LEVEL SECURITY;
ALTER TABLE target FORCE ROW LEVEL SECURITY;

CREATE POLICY directory ON target FOR SELECT TO tollgate_directory USING (true);
CREATE POLICY ingest ON target FOR SELECT TO tollgate_ingest USING (true);
CREATE POLICY tenant ON target TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
