ALTER TABLE organisation ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisation FORCE ROW LEVEL SECURITY;

CREATE POLICY directory ON organisation FOR SELECT TO tollgate_directory USING (true);
CREATE POLICY ingest ON organisation FOR SELECT TO tollgate_ingest USING (true);
CREATE POLICY ingest_corrected ON organisation FOR UPDATE TO tollgate_ingest USING (true);
CREATE POLICY own ON organisation FOR SELECT TO tollgate_control
  USING (EXISTS (SELECT FROM membership AS m WHERE m.org_id = organisation.id AND m.user_id = (SELECT person())));
CREATE POLICY revision ON organisation FOR UPDATE TO tollgate_directory USING (true);
CREATE POLICY tenant ON organisation TO tollgate_control
  USING (id = (SELECT tenant()))
  WITH CHECK (id = (SELECT tenant()));
CREATE POLICY wall ON organisation FOR SELECT TO tollgate_wall USING (true);
CREATE POLICY wall_new ON organisation FOR INSERT TO tollgate_wall WITH CHECK (true);
