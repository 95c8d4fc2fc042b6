ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_entry FORCE ROW LEVEL SECURITY;

CREATE POLICY ingest_read ON audit_entry FOR SELECT TO tollgate_ingest USING (true);
CREATE POLICY ingest_resealed ON audit_entry FOR INSERT TO tollgate_ingest
  WITH CHECK (action IN ('credentials.reseal', 'quarantine.release', 'quarantine.discard'));
CREATE POLICY tenant ON audit_entry TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
