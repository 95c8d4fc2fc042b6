-- Collation "C": the order depends neither on the locale of the database nor on a version of ICU.
CREATE INDEX "virtual_key_name_idx" ON "virtual_key" ("org_id", "name" COLLATE "C", "id");
