ALTER TABLE key_secret ENABLE ROW LEVEL SECURITY;
ALTER TABLE key_secret FORCE ROW LEVEL SECURITY;

CREATE POLICY directory ON key_secret FOR SELECT TO tollgate_directory USING (true);
CREATE POLICY tenant ON key_secret TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
