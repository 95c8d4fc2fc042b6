-- What limits alone count is found without reading the rows of all keys.
CREATE INDEX "usage_day_counted_idx" ON "usage_day"("org_id", "slot") WHERE (refused IS NOT NULL OR counted_extra_nano IS NOT NULL);
