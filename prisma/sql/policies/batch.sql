ALTER TABLE batch ENABLE ROW LEVEL SECURITY;
ALTER TABLE batch FORCE ROW LEVEL SECURITY;

CREATE POLICY directory ON batch FOR SELECT TO tollgate_directory USING (true);
CREATE POLICY ingest ON batch TO tollgate_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON batch TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
