ALTER TABLE virtual_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE virtual_key FORCE ROW LEVEL SECURITY;

CREATE POLICY directory ON virtual_key FOR SELECT TO tollgate_directory USING (true);
CREATE POLICY ingest_read ON virtual_key FOR SELECT TO tollgate_ingest USING (true);
CREATE POLICY ingest_used ON virtual_key FOR UPDATE TO tollgate_ingest USING (true);
CREATE POLICY tenant ON virtual_key TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
