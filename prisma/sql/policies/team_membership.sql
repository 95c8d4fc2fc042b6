ALTER TABLE team_membership ENABLE ROW LEVEL SECURITY;
ALTER TABLE team_membership FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant ON team_membership TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
