ALTER TABLE usage_limit ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_limit FORCE ROW LEVEL SECURITY;

CREATE POLICY directory ON usage_limit FOR SELECT TO tollgate_directory USING (true);
CREATE POLICY ingest ON usage_limit FOR SELECT TO tollgate_ingest USING (true);
CREATE POLICY ingest_filled ON usage_limit FOR UPDATE TO tollgate_ingest USING (true);
CREATE POLICY tenant ON usage_limit TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
