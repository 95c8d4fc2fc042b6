ALTER TABLE user_session ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_session FORCE ROW LEVEL SECURITY;

CREATE POLICY bearer ON user_session TO tollgate_control
  USING ((SELECT takes_unsealed()) AND (id = (nullif(current_setting('app.session_id', true), ''))::uuid));
CREATE POLICY self ON user_session TO tollgate_control
  USING (user_id = (SELECT person()))
  WITH CHECK (user_id = (SELECT person()));
CREATE POLICY wall ON user_session FOR SELECT TO tollgate_wall USING (true);
