ALTER TABLE ledger_maintenance ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_maintenance FORCE ROW LEVEL SECURITY;

CREATE POLICY ingest ON ledger_maintenance TO tollgate_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON ledger_maintenance TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
