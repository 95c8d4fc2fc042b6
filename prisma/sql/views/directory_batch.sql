-- The batches that keys have created, so that a proxy can list those of one key.
-- owner: tollgate_directory
CREATE OR REPLACE VIEW directory_batch AS
SELECT org_id, key_id, id, credential_id, surface, provider_batch_id, settled_at IS NOT NULL AS is_settled FROM batch;
GRANT SELECT ON directory_batch TO tollgate_proxy;
