-- Whether any limit of the installation blocks: a proxy that may not decide about such limits is not ready then.
-- owner: tollgate_directory
CREATE OR REPLACE VIEW directory_blocking AS
SELECT EXISTS (SELECT FROM usage_limit WHERE mode = 'block') AS blocks;
GRANT SELECT ON directory_blocking TO tollgate_proxy;
