ALTER TABLE bookkeeping ENABLE ROW LEVEL SECURITY;
ALTER TABLE bookkeeping FORCE ROW LEVEL SECURITY;

CREATE POLICY ingest ON bookkeeping TO tollgate_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON bookkeeping TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
