ALTER TABLE idempotent_request ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotent_request FORCE ROW LEVEL SECURITY;

CREATE POLICY ingest ON idempotent_request TO tollgate_ingest USING (created_at < now() - interval '1 day');
CREATE POLICY tenant ON idempotent_request TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
