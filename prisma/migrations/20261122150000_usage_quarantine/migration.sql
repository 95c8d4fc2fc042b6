-- CreateTable
CREATE TABLE "usage_quarantine" (
    "id" UUID NOT NULL,
    "spool_id" UUID NOT NULL,
    "event" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "usage_quarantine_pkey" PRIMARY KEY ("id")
);

-- Of no tenant, because what cannot be read may not tell whose it is. Only the operator reads it.
GRANT INSERT ON usage_quarantine TO tollgate_ingest;
