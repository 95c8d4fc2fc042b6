ALTER TABLE channel ENABLE ROW LEVEL SECURITY;
ALTER TABLE channel FORCE ROW LEVEL SECURITY;

CREATE POLICY ingest ON channel TO tollgate_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON channel TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
