CREATE INDEX "alert_raised_idx" ON "alert" ("org_id", "raised_at", "id");
