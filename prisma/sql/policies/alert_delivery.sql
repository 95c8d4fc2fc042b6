ALTER TABLE alert_delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE alert_delivery FORCE ROW LEVEL SECURITY;

CREATE POLICY ingest ON alert_delivery TO tollgate_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON alert_delivery TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
