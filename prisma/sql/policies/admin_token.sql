ALTER TABLE admin_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE admin_token FORCE ROW LEVEL SECURITY;

CREATE POLICY bearer ON admin_token FOR SELECT TO tollgate_control
  USING ((SELECT takes_unsealed()) AND (public_id = nullif(current_setting('app.token_public_id', true), '')));
CREATE POLICY tenant ON admin_token TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
CREATE POLICY wall ON admin_token FOR SELECT TO tollgate_wall USING (true);
