CREATE INDEX "virtual_key_team_idx" ON "virtual_key" ("org_id", "team_id", "created_at", "id");
