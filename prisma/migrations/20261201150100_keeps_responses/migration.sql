-- Whether proxies keep the responses of translated calls for a while. The default needs no rewrite of the table.
SET LOCAL lock_timeout = '5s';
ALTER TABLE "organisation" ADD COLUMN "keeps_responses" BOOLEAN NOT NULL DEFAULT true;
