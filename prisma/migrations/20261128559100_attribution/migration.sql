-- Roll-ups by tag, customer, session, end user and cost centre, and the values that they show by name. They replace `usage_label`,
-- which workers of the version before still write.

-- CreateTable
CREATE TABLE "usage_attribution_hour" (
    "org_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "slot" TIMESTAMPTZ(6) NOT NULL,
    "value" TEXT NOT NULL,
    "requests" BIGINT NOT NULL,
    "errors" BIGINT NOT NULL,
    "cache_hits" BIGINT NOT NULL,
    "unpriced" BIGINT NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "cost_nano" DECIMAL(38,0) NOT NULL,
    "refused" BIGINT,
    "counted_extra_nano" DECIMAL(38,0),
    "use" JSONB,

    CONSTRAINT "usage_attribution_hour_pkey" PRIMARY KEY ("org_id","kind","slot","value")
);

-- CreateTable
CREATE TABLE "usage_attribution_day" (
    "org_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "slot" TIMESTAMPTZ(6) NOT NULL,
    "value" TEXT NOT NULL,
    "requests" BIGINT NOT NULL,
    "errors" BIGINT NOT NULL,
    "cache_hits" BIGINT NOT NULL,
    "unpriced" BIGINT NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "cost_nano" DECIMAL(38,0) NOT NULL,
    "refused" BIGINT,
    "counted_extra_nano" DECIMAL(38,0),
    "use" JSONB,

    CONSTRAINT "usage_attribution_day_pkey" PRIMARY KEY ("org_id","kind","slot","value")
);

-- CreateTable
CREATE TABLE "usage_value_month" (
    "org_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "month" DATE NOT NULL,
    "most" INTEGER NOT NULL,
    "used" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "usage_value_month_pkey" PRIMARY KEY ("org_id","kind","month")
);

-- CreateTable
CREATE TABLE "usage_value" (
    "org_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "month" DATE NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "usage_value_pkey" PRIMARY KEY ("org_id","kind","month","value")
);

ALTER TABLE usage_attribution_hour ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_attribution_hour FORCE ROW LEVEL SECURITY;
ALTER TABLE usage_attribution_day ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_attribution_day FORCE ROW LEVEL SECURITY;
ALTER TABLE usage_value_month ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_value_month FORCE ROW LEVEL SECURITY;
ALTER TABLE usage_value ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_value FORCE ROW LEVEL SECURITY;
GRANT SELECT ON usage_attribution_hour, usage_attribution_day, usage_value_month, usage_value TO tollgate_control;
GRANT SELECT, INSERT, UPDATE, DELETE ON usage_attribution_hour, usage_attribution_day, usage_value_month TO tollgate_ingest;
GRANT SELECT, INSERT, DELETE ON usage_value TO tollgate_ingest;

-- For the filters of find_requests.
GRANT SELECT (end_user, cost_centre) ON usage_event TO tollgate_directory;

-- A new database, which has no requests, has nothing to compute again.
INSERT INTO usage_kept (name, since)
SELECT 'usage_attribution', 'epoch' WHERE NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = 'usage_event'::regclass);
