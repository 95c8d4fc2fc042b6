-- CreateTable
CREATE TABLE "channel" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "addresses" TEXT[],
    "url" TEXT,
    "sealed" TEXT,
    "events" TEXT[],
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(6),

    CONSTRAINT "channel_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "limit_id" UUID NOT NULL,
    "subject" TEXT NOT NULL DEFAULT '',
    "threshold" INTEGER NOT NULL DEFAULT 0,
    "window_start" TIMESTAMPTZ(6) NOT NULL,
    "facts" JSONB NOT NULL,
    "raised_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "alert_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_delivery" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "alert_id" UUID NOT NULL,
    "channel_id" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "handed_at" TIMESTAMPTZ(6),
    "claimed_until" TIMESTAMPTZ(6),
    "attempted_at" TIMESTAMPTZ(6),

    CONSTRAINT "alert_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "channel_org_id_id_key" ON "channel"("org_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "channel_org_id_name_key" ON "channel"("org_id", "name") WHERE ("deleted_at" IS NULL);

-- CreateIndex
CREATE UNIQUE INDEX "alert_org_id_id_key" ON "alert"("org_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "alert_org_id_kind_limit_id_subject_threshold_window_start_key" ON "alert"("org_id", "kind", "limit_id", "subject", "threshold", "window_start");

-- CreateIndex
CREATE UNIQUE INDEX "alert_delivery_org_id_alert_id_channel_id_key" ON "alert_delivery"("org_id", "alert_id", "channel_id");

-- CreateIndex
CREATE INDEX "alert_delivery_handed_at_idx" ON "alert_delivery"("handed_at") WHERE ("state" = 'waiting');

-- AddForeignKey
ALTER TABLE "channel" ADD CONSTRAINT "channel_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert" ADD CONSTRAINT "alert_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert_delivery" ADD CONSTRAINT "alert_delivery_org_id_alert_id_fkey" FOREIGN KEY ("org_id", "alert_id") REFERENCES "alert"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert_delivery" ADD CONSTRAINT "alert_delivery_org_id_channel_id_fkey" FOREIGN KEY ("org_id", "channel_id") REFERENCES "channel"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A tenant says where it wants to be told, and may ask for a test; ingest finds what is to be told, and tells it.

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['channel', 'alert', 'alert_delivery'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO tollgate_control
         USING (org_id = nullif(current_setting(''app.org_id'', true), '''')::uuid)
         WITH CHECK (org_id = nullif(current_setting(''app.org_id'', true), '''')::uuid)',
      name
    );
    EXECUTE format('CREATE POLICY ingest ON %I TO tollgate_ingest USING (true) WITH CHECK (true)', name);
  END LOOP;
END
$$;
GRANT SELECT, INSERT, UPDATE ON channel TO tollgate_control;
GRANT SELECT, INSERT ON alert, alert_delivery TO tollgate_control;
GRANT SELECT ON channel TO tollgate_ingest;
GRANT SELECT, INSERT ON alert TO tollgate_ingest;
GRANT SELECT, INSERT, UPDATE ON alert_delivery TO tollgate_ingest;

-- What an alert calls things by, and by how much a limit is raised for a while.

CREATE POLICY ingest ON team FOR SELECT TO tollgate_ingest USING (true);
CREATE POLICY ingest ON model FOR SELECT TO tollgate_ingest USING (true);
CREATE POLICY ingest ON membership FOR SELECT TO tollgate_ingest USING (true);
CREATE POLICY ingest ON app_user FOR SELECT TO tollgate_ingest USING (true);
CREATE POLICY ingest ON limit_increase FOR SELECT TO tollgate_ingest USING (true);
GRANT SELECT (name, slug) ON organisation TO tollgate_ingest;
GRANT SELECT (name) ON virtual_key TO tollgate_ingest;
GRANT SELECT (id, org_id, name) ON team, model TO tollgate_ingest;
GRANT SELECT (id, org_id, user_id) ON membership TO tollgate_ingest;
GRANT SELECT (id, name) ON app_user TO tollgate_ingest;
GRANT SELECT (org_id, limit_id, amount, until, revoked_at) ON limit_increase TO tollgate_ingest;
