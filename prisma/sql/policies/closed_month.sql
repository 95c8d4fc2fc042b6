ALTER TABLE closed_month ENABLE ROW LEVEL SECURITY;
ALTER TABLE closed_month FORCE ROW LEVEL SECURITY;

CREATE POLICY ingest ON closed_month TO tollgate_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON closed_month TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
