-- The origin of credentials that were sealed before boxes named their origin.
-- owner: tollgate_directory
CREATE OR REPLACE VIEW directory_legacy_box AS
SELECT org_id, id AS credential_id, legacy_origin AS origin FROM credential
WHERE legacy_origin IS NOT NULL AND deleted_at IS NULL;
GRANT SELECT ON directory_legacy_box TO tollgate_proxy;
