ALTER TABLE app_user ENABLE ROW LEVEL SECURITY;
ALTER TABLE app_user FORCE ROW LEVEL SECURITY;

CREATE POLICY colleague ON app_user FOR SELECT TO tollgate_control
  USING (EXISTS (SELECT FROM membership AS m WHERE m.user_id = app_user.id AND m.org_id = (SELECT tenant())));
CREATE POLICY directory ON app_user FOR SELECT TO tollgate_directory USING (true);
CREATE POLICY ingest ON app_user FOR SELECT TO tollgate_ingest USING (true);
CREATE POLICY self ON app_user TO tollgate_control USING (id = (SELECT person())) WITH CHECK (id = (SELECT person()));
CREATE POLICY signing_in ON app_user FOR SELECT TO tollgate_control
  USING ((SELECT takes_unsealed()) AND (email = nullif(current_setting('app.sign_in_email', true), '')));
CREATE POLICY wall ON app_user FOR SELECT TO tollgate_wall USING (true);
CREATE POLICY wall_new ON app_user FOR INSERT TO tollgate_wall WITH CHECK (true);
