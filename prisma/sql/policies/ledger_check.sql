ALTER TABLE ledger_check ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_check FORCE ROW LEVEL SECURITY;

CREATE POLICY ingest ON ledger_check TO tollgate_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON ledger_check TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
