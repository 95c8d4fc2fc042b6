CREATE INDEX "virtual_key_member_idx" ON "virtual_key" ("org_id", "member_id", "created_at", "id");
