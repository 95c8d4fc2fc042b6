-- Batches that keys have created at providers. A row is added with the event of its creation, in one transaction. While it
-- is open, proxies ask the provider for its state; the result settles it once.

-- CreateTable
CREATE TABLE "batch" (
    "org_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "key_id" UUID NOT NULL,
    "credential_id" UUID NOT NULL,
    "surface" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "upstream_model" TEXT NOT NULL,
    "provider_batch_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "next_poll_at" TIMESTAMPTZ(6) NOT NULL DEFAULT now(),
    "settled_at" TIMESTAMPTZ(6),
    "outcome" TEXT,
    "held_nano" DECIMAL(38,0),
    "cost_nano" DECIMAL(38,0),
    "lines_done" INTEGER,
    "lines_failed" INTEGER,

    CONSTRAINT "batch_pkey" PRIMARY KEY ("org_id", "id")
);

-- CreateIndex
CREATE INDEX "batch_org_id_key_id_id_idx" ON "batch"("org_id", "key_id", "id" DESC);

-- CreateIndex
CREATE INDEX "batch_next_poll_at_idx" ON "batch"("next_poll_at") WHERE ("settled_at" IS NULL);

-- CreateIndex
CREATE INDEX "batch_settled_at_idx" ON "batch"("settled_at");

-- AddForeignKey
ALTER TABLE "batch" ADD CONSTRAINT "batch_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Nobody sees a row until prisma/sql/policies/batch.sql is applied.
ALTER TABLE batch ENABLE ROW LEVEL SECURITY;
ALTER TABLE batch FORCE ROW LEVEL SECURITY;
GRANT SELECT ON batch TO tollgate_control, tollgate_directory;
GRANT SELECT, INSERT, DELETE, UPDATE (next_poll_at, settled_at, outcome, cost_nano, lines_done, lines_failed)
  ON batch TO tollgate_ingest;

-- The worker asks the proxies for the state of open batches.
GRANT INSERT (id, org_id, credential_id, kind, input, begin_by, wait_until, lease_ms) ON proxy_task TO tollgate_ingest;
