ALTER TABLE usage_attribution_hour ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_attribution_hour FORCE ROW LEVEL SECURITY;

CREATE POLICY ingest ON usage_attribution_hour TO tollgate_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON usage_attribution_hour TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
