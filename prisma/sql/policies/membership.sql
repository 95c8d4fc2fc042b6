ALTER TABLE membership ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership FORCE ROW LEVEL SECURITY;

CREATE POLICY directory ON membership FOR SELECT TO tollgate_directory USING (true);
CREATE POLICY ingest ON membership FOR SELECT TO tollgate_ingest USING (true);
CREATE POLICY own ON membership FOR SELECT TO tollgate_control USING (user_id = (SELECT person()));
CREATE POLICY tenant ON membership TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
CREATE POLICY wall ON membership FOR SELECT TO tollgate_wall USING (true);
