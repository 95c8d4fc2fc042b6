ALTER TABLE usage_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_event FORCE ROW LEVEL SECURITY;

CREATE POLICY directory ON usage_event FOR SELECT TO tollgate_directory USING (true);
CREATE POLICY ingest ON usage_event TO tollgate_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON usage_event TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
