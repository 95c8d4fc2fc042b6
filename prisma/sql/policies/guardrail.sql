ALTER TABLE guardrail ENABLE ROW LEVEL SECURITY;
ALTER TABLE guardrail FORCE ROW LEVEL SECURITY;

CREATE POLICY directory ON guardrail FOR SELECT TO tollgate_directory USING (true);
CREATE POLICY tenant ON guardrail TO tollgate_control
  USING (org_id = (SELECT tenant()))
  WITH CHECK (org_id = (SELECT tenant()));
