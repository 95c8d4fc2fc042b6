-- Work that needs a provider secret. The control plane adds a row, a proxy claims it through claim_task(), and the worker
-- stores the result.

-- CreateTable
CREATE TABLE "proxy_task" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "credential_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "input" JSONB NOT NULL DEFAULT '{}',
    "asked_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "begin_by" TIMESTAMPTZ(6) NOT NULL,
    "wait_until" TIMESTAMPTZ(6) NOT NULL,
    "lease_ms" INTEGER NOT NULL,
    "claims" INTEGER NOT NULL DEFAULT 0,
    "claimed_by" UUID,
    "claimed_until" TIMESTAMPTZ(6),
    "done_at" TIMESTAMPTZ(6),
    "result" JSONB,
    "outdated" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "proxy_task_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "proxy_task_org_id_credential_id_kind_asked_at_idx" ON "proxy_task"("org_id", "credential_id", "kind", "asked_at" DESC);

-- CreateIndex
CREATE INDEX "proxy_task_org_id_asked_at_idx" ON "proxy_task"("org_id", "asked_at");

-- CreateIndex
CREATE INDEX "proxy_task_wait_until_idx" ON "proxy_task"("wait_until") WHERE ("done_at" IS NULL);

-- AddForeignKey
ALTER TABLE "proxy_task" ADD CONSTRAINT "proxy_task_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proxy_task" ADD CONSTRAINT "proxy_task_org_id_credential_id_fkey" FOREIGN KEY ("org_id", "credential_id") REFERENCES "credential"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Nobody sees a row until prisma/sql/policies/proxy_task.sql is applied.
ALTER TABLE proxy_task ENABLE ROW LEVEL SECURITY;
ALTER TABLE proxy_task FORCE ROW LEVEL SECURITY;
GRANT SELECT, UPDATE (outdated), INSERT (id, org_id, credential_id, kind, input, begin_by, wait_until, lease_ms)
  ON proxy_task TO tollgate_control;
GRANT SELECT, UPDATE (claims, claimed_by, claimed_until) ON proxy_task TO tollgate_directory;
GRANT SELECT, DELETE, UPDATE (done_at, result) ON proxy_task TO tollgate_ingest;

-- Any role may LISTEN, so a notification names nothing: a proxy that hears it asks for a task.
CREATE FUNCTION announce_task() RETURNS trigger
  LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM pg_notify('tollgate_task', '');
  RETURN NULL;
END
$$;
CREATE TRIGGER announce_task AFTER INSERT ON proxy_task FOR EACH STATEMENT EXECUTE FUNCTION announce_task();
