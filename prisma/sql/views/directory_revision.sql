-- The revision of each organisation's policy and of its counters.
-- owner: tollgate_directory
CREATE OR REPLACE VIEW directory_revision AS
SELECT id AS org_id, revision, counters_revision FROM organisation;
GRANT SELECT ON directory_revision TO tollgate_proxy;
