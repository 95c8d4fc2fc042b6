ALTER TABLE credential ENABLE ROW LEVEL SECURITY;
ALTER TABLE credential FORCE ROW LEVEL SECURITY;

CREATE POLICY directory ON credential FOR SELECT TO tollgate_directory USING (true);
CREATE POLICY ingest ON credential FOR SELECT TO tollgate_ingest USING (true);
CREATE POLICY reseal ON credential FOR UPDATE TO tollgate_directory
  USING (legacy_origin IS NOT NULL)
  WITH CHECK (legacy_origin IS NULL);
CREATE POLICY tenant ON credential TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
