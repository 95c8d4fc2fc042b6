-- CreateTable
CREATE TABLE "usage_group" (
    "org_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "slot" TIMESTAMPTZ(6) NOT NULL,
    "group_id" TEXT NOT NULL,
    "requests" BIGINT NOT NULL DEFAULT 0,
    "errors" BIGINT NOT NULL DEFAULT 0,
    "cache_hits" BIGINT NOT NULL DEFAULT 0,
    "unpriced" BIGINT NOT NULL DEFAULT 0,
    "input_tokens" BIGINT NOT NULL DEFAULT 0,
    "output_tokens" BIGINT NOT NULL DEFAULT 0,
    "cost_nano" DECIMAL(38,0) NOT NULL DEFAULT 0,

    CONSTRAINT "usage_group_pkey" PRIMARY KEY ("org_id","kind","slot","group_id")
);

-- What the hours' roll-up has by now. The owner is bound by forced row security unless it is a superuser.
ALTER TABLE usage_hour NO FORCE ROW LEVEL SECURITY;
INSERT INTO usage_group
SELECT h.org_id, g.kind, h.slot, g.group_id, sum(h.requests),
  coalesce(sum(h.requests) FILTER (WHERE h.status_class IN ('4xx', '5xx')), 0), sum(h.cache_hits), sum(h.unpriced),
  sum(h.input_tokens), sum(h.output_tokens), sum(h.cost_nano)
FROM usage_hour AS h
CROSS JOIN LATERAL (VALUES
  ('model', h.model), ('provider', h.provider), ('key', h.key_id::text), ('team', h.team_id::text),
  ('member', h.member_id::text)
) AS g (kind, group_id)
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4;
ALTER TABLE usage_hour FORCE ROW LEVEL SECURITY;

ALTER TABLE usage_group ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_group FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON usage_group TO tollgate_control
  USING (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  WITH CHECK (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
CREATE POLICY ingest ON usage_group TO tollgate_ingest USING (true) WITH CHECK (true);
GRANT SELECT ON usage_group TO tollgate_control;
GRANT SELECT, INSERT, UPDATE, DELETE ON usage_group TO tollgate_ingest;
