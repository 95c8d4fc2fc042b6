-- The log of policy changes: what a proxy reads again.
-- owner: tollgate_directory
CREATE OR REPLACE VIEW directory_change AS
SELECT revision, transaction, organisation, kind, subject FROM policy_change;
GRANT SELECT ON directory_change TO tollgate_proxy;
