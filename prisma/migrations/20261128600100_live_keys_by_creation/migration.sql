-- A page of keys, newest first, without revoked ones. Each index of this series has its own migration: building one blocks writes
-- to the table, and so no lock is held for all of them.
CREATE INDEX "virtual_key_live_idx" ON "virtual_key" ("org_id", "created_at", "id") WHERE state <> 'revoked';
