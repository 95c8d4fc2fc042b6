ALTER TABLE usage_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_event FORCE ROW LEVEL SECURITY;

CREATE POLICY directory ON usage_event FOR SELECT TO tollgate_directory USING (true);
-- No younger request is deleted, whatever its retention.
CREATE POLICY forget ON usage_event FOR DELETE TO tollgate_directory USING (id < uuid_floor(now() - interval '35 days'));
CREATE POLICY ingest ON usage_event TO tollgate_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON usage_event TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
