ALTER TABLE retention ENABLE ROW LEVEL SECURITY;
ALTER TABLE retention FORCE ROW LEVEL SECURITY;

CREATE POLICY directory ON retention FOR SELECT TO tollgate_directory USING (true);
CREATE POLICY ingest ON retention TO tollgate_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON retention TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
