-- Request fields that a provider was found to refuse of a model. Proxies report them, the worker stores them.

-- CreateTable
CREATE TABLE "learnt_difference" (
    "org_id" UUID NOT NULL,
    "credential_id" UUID NOT NULL,
    "upstream_model" TEXT NOT NULL,
    "field" TEXT NOT NULL,
    "sent_as" TEXT,
    "learnt_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "learnt_difference_pkey" PRIMARY KEY ("org_id","credential_id","upstream_model","field")
);

-- CreateIndex
CREATE INDEX "learnt_difference_learnt_at_idx" ON "learnt_difference"("learnt_at");

-- AddForeignKey
ALTER TABLE "learnt_difference" ADD CONSTRAINT "learnt_difference_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "learnt_difference" ADD CONSTRAINT "learnt_difference_org_id_credential_id_fkey" FOREIGN KEY ("org_id", "credential_id") REFERENCES "credential"("org_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Nobody sees a row until prisma/sql/policies/learnt_difference.sql is applied.
ALTER TABLE learnt_difference ENABLE ROW LEVEL SECURITY;
ALTER TABLE learnt_difference FORCE ROW LEVEL SECURITY;
GRANT SELECT, DELETE ON learnt_difference TO tollgate_control;
GRANT SELECT, INSERT, UPDATE, DELETE ON learnt_difference TO tollgate_ingest;
