-- AlterTable
ALTER TABLE "bookkeeping" ADD COLUMN     "adjusted" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "adjusted_nano" DECIMAL(38,0) NOT NULL DEFAULT 0,
ADD COLUMN     "asked_by" TEXT,
ADD COLUMN     "model" TEXT,
ADD COLUMN     "note" TEXT,
ADD COLUMN     "provider" TEXT;

-- CreateTable
CREATE TABLE "usage_adjustment" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "booked_at" TIMESTAMPTZ(6) NOT NULL,
    "closed_month" TEXT,
    "cost_nano" DECIMAL(38,0) NOT NULL,
    "unpriced" INTEGER NOT NULL DEFAULT 0,
    "price_version" TEXT,
    "bookkeeping_id" UUID,
    "asked_by" TEXT,
    "note" TEXT,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "usage_adjustment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "closed_month" (
    "org_id" UUID NOT NULL,
    "month" TEXT NOT NULL,
    "since" TIMESTAMPTZ(6) NOT NULL,
    "until" TIMESTAMPTZ(6) NOT NULL,
    "closed_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_by" TEXT,
    "requests" BIGINT NOT NULL,
    "unpriced" BIGINT NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "cost_nano" DECIMAL(38,0) NOT NULL,

    CONSTRAINT "closed_month_pkey" PRIMARY KEY ("org_id","month")
);

-- CreateIndex
CREATE INDEX "usage_adjustment_org_id_event_id_idx" ON "usage_adjustment"("org_id", "event_id");

-- CreateIndex
CREATE INDEX "usage_adjustment_org_id_booked_at_idx" ON "usage_adjustment"("org_id", "booked_at");

-- CreateIndex
CREATE UNIQUE INDEX "closed_month_org_id_until_key" ON "closed_month"("org_id", "until");

-- AddForeignKey
ALTER TABLE "closed_month" ADD CONSTRAINT "closed_month_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Written by ingest and by it only appended to; a tenant reads its own.

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['usage_adjustment', 'closed_month'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO tollgate_control
         USING (org_id = nullif(current_setting(''app.org_id'', true), '''')::uuid)
         WITH CHECK (org_id = nullif(current_setting(''app.org_id'', true), '''')::uuid)',
      name
    );
    EXECUTE format('CREATE POLICY ingest ON %I TO tollgate_ingest USING (true) WITH CHECK (true)', name);
    EXECUTE format('GRANT SELECT ON %I TO tollgate_control', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO tollgate_ingest', name);
  END LOOP;
END
$$;

-- What a re-rating prices by.
CREATE POLICY ingest ON price_override FOR SELECT TO tollgate_ingest USING (true);
GRANT SELECT ON price_override TO tollgate_ingest;

-- Each event at what it costs by now. Whoever reads it needs the rights, and sees the rows, of the tables beneath.
CREATE VIEW usage_rated WITH (security_invoker = true) AS
SELECT
  e.id, e.org_id, e.at, e.team_id, e.member_id, e.key_id, e.model_id, e.model, e.surface, e.stream, e.status, e.error,
  e.error_message, e.outcome, e.provider, e.upstream_model, e.credential_id, e.attempts, e.attempt_count, e.cache,
  e.input_tokens, e.cache_read_tokens, e.cache_write_5m_tokens, e.cache_write_1h_tokens, e.audio_input_tokens,
  e.output_tokens, e.reasoning_tokens, e.audio_output_tokens, e.searches, e.source,
  CASE WHEN a.cost_nano IS NULL THEN e.cost_nano ELSE coalesce(e.cost_nano, 0) + a.cost_nano END AS cost_nano,
  e.held_nano,
  CASE WHEN a.cost_nano IS NULL THEN e.pricing ELSE 'priced' END AS pricing,
  coalesce(a.price_version, e.price_version) AS price_version,
  e.flags, e.guardrails, e.tags, e.customer, e.client_request_id, e.metadata, e.total_ms, e.first_token_ms,
  e.overhead_ms, e.ingested_at
FROM usage_event AS e
LEFT JOIN LATERAL (
  SELECT sum(cost_nano) AS cost_nano, (array_agg(price_version ORDER BY at DESC, id DESC))[1] AS price_version
  FROM usage_adjustment
  WHERE org_id = e.org_id AND event_id = e.id AND reason <> 'late'
) AS a ON true;
GRANT SELECT ON usage_rated TO tollgate_control, tollgate_ingest;
