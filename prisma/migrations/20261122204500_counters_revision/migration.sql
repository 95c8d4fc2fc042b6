-- AlterTable
ALTER TABLE "organisation" ADD COLUMN "counters_revision" BIGINT NOT NULL DEFAULT 0;

-- Whoever corrects counters says so, and the data plane reads them anew: what was only added to them it knows itself.
CREATE POLICY ingest_corrected ON organisation FOR UPDATE TO tollgate_ingest USING (true);
GRANT SELECT (counters_revision), UPDATE (counters_revision) ON organisation TO tollgate_ingest;

-- As before, and the revision of its counters: only its owner may replace a view.
GRANT CREATE ON SCHEMA public TO tollgate_directory;
SET ROLE tollgate_directory;
CREATE OR REPLACE VIEW directory_revision AS
SELECT id AS org_id, revision, counters_revision FROM organisation;
RESET ROLE;
REVOKE CREATE ON SCHEMA public FROM tollgate_directory;
