ALTER TABLE usage_attribution_day ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_attribution_day FORCE ROW LEVEL SECURITY;

CREATE POLICY ingest ON usage_attribution_day TO tollgate_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON usage_attribution_day TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
