-- CreateTable
CREATE TABLE "bookkeeping" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "since" TIMESTAMPTZ(6) NOT NULL,
    "until" TIMESTAMPTZ(6) NOT NULL,
    "asked_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "done_at" TIMESTAMPTZ(6),
    "differences" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "bookkeeping_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "bookkeeping_org_id_kind_asked_at_idx" ON "bookkeeping"("org_id", "kind", "asked_at" DESC);

-- AddForeignKey
ALTER TABLE "bookkeeping" ADD CONSTRAINT "bookkeeping_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A tenant asks, ingest does it: the books themselves stay out of the tenant's hands.

ALTER TABLE bookkeeping ENABLE ROW LEVEL SECURITY;
ALTER TABLE bookkeeping FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON bookkeeping TO tollgate_control
  USING (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  WITH CHECK (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
CREATE POLICY ingest ON bookkeeping TO tollgate_ingest USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON bookkeeping TO tollgate_control;
GRANT SELECT, INSERT, UPDATE ON bookkeeping TO tollgate_ingest;

-- A rebuild replaces roll-ups; events stay as they are.
GRANT DELETE ON usage_minute, usage_hour, usage_day, usage_latency, usage_label TO tollgate_ingest;
