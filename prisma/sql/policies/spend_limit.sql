ALTER TABLE spend_limit ENABLE ROW LEVEL SECURITY;
ALTER TABLE spend_limit FORCE ROW LEVEL SECURITY;

CREATE POLICY directory ON spend_limit FOR SELECT TO tollgate_directory USING (true);
CREATE POLICY ingest ON spend_limit FOR SELECT TO tollgate_ingest USING (true);
CREATE POLICY tenant ON spend_limit TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
