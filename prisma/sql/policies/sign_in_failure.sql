ALTER TABLE sign_in_failure ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_failure FORCE ROW LEVEL SECURITY;

CREATE POLICY directory ON sign_in_failure TO tollgate_directory USING (true) WITH CHECK (true);
CREATE POLICY tenant ON sign_in_failure TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
