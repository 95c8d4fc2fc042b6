ALTER TABLE alert ENABLE ROW LEVEL SECURITY;
ALTER TABLE alert FORCE ROW LEVEL SECURITY;

CREATE POLICY ingest ON alert TO tollgate_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON alert TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
