ALTER TABLE learnt_difference ENABLE ROW LEVEL SECURITY;
ALTER TABLE learnt_difference FORCE ROW LEVEL SECURITY;

CREATE POLICY ingest ON learnt_difference TO tollgate_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON learnt_difference TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
