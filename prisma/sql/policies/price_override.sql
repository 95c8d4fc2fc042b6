ALTER TABLE price_override ENABLE ROW LEVEL SECURITY;
ALTER TABLE price_override FORCE ROW LEVEL SECURITY;

CREATE POLICY directory ON price_override FOR SELECT TO tollgate_directory USING (true);
CREATE POLICY ingest ON price_override FOR SELECT TO tollgate_ingest USING (true);
CREATE POLICY tenant ON price_override TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
