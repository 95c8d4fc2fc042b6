ALTER TABLE proxy_task ENABLE ROW LEVEL SECURITY;
ALTER TABLE proxy_task FORCE ROW LEVEL SECURITY;

CREATE POLICY directory_ask ON proxy_task FOR INSERT TO tollgate_directory WITH CHECK (kind = 'credential.reseal');
CREATE POLICY directory_claim ON proxy_task FOR UPDATE TO tollgate_directory USING (done_at IS NULL) WITH CHECK (true);
CREATE POLICY directory_read ON proxy_task FOR SELECT TO tollgate_directory USING (true);
CREATE POLICY ingest ON proxy_task TO tollgate_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON proxy_task TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
