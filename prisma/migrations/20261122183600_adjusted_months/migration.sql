-- CreateIndex
CREATE INDEX "usage_adjustment_org_id_closed_month_booked_at_idx" ON "usage_adjustment"("org_id", "closed_month", "booked_at");
