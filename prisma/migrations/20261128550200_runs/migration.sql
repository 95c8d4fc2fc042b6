-- One row per run: all calls of an organisation that name the same session. Ingest adds to it, so runs from before are not in it.
CREATE TABLE "usage_run" (
    "org_id" UUID NOT NULL,
    "session" TEXT NOT NULL,
    "first_at" TIMESTAMPTZ(6) NOT NULL,
    "last_at" TIMESTAMPTZ(6) NOT NULL,
    "key_id" UUID NOT NULL,
    "member_id" UUID,
    "end_user" TEXT,
    "model" TEXT NOT NULL,
    "status" INTEGER NOT NULL,
    "error" TEXT,
    "requests" BIGINT NOT NULL,
    "refused" BIGINT NOT NULL,
    "errors" BIGINT NOT NULL,
    "unpriced" BIGINT NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "cost_nano" DECIMAL(38,0) NOT NULL,
    "counted_nano" DECIMAL(38,0) NOT NULL,

    CONSTRAINT "usage_run_pkey" PRIMARY KEY ("org_id","session")
);
CREATE INDEX "usage_run_org_id_last_at_idx" ON "usage_run"("org_id", "last_at");
-- For the retention, which deletes runs of all organisations.
CREATE INDEX "usage_run_last_at_idx" ON "usage_run"("last_at");

ALTER TABLE usage_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_run FORCE ROW LEVEL SECURITY;
GRANT SELECT ON usage_run TO tollgate_control;
GRANT SELECT, INSERT, UPDATE, DELETE ON usage_run TO tollgate_ingest;
