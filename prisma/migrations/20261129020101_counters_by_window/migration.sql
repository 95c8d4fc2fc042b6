-- The open counters of a limit are read, and those of ended windows deleted, without reading its other counters.
CREATE INDEX "limit_counter_org_id_limit_id_window_start_idx" ON "limit_counter"("org_id", "limit_id", "window_start");
