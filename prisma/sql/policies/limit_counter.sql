ALTER TABLE limit_counter ENABLE ROW LEVEL SECURITY;
ALTER TABLE limit_counter FORCE ROW LEVEL SECURITY;

CREATE POLICY directory ON limit_counter FOR SELECT TO tollgate_directory USING (true);
CREATE POLICY ingest ON limit_counter TO tollgate_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON limit_counter TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
