-- Calls may address a provider's model directly. The default needs no rewrite of the table.
ALTER TABLE "organisation" ADD COLUMN "direct_models" BOOLEAN NOT NULL DEFAULT false;
