-- The position in each spool up to which the ledger has its usage.
-- owner: tollgate_directory
CREATE OR REPLACE VIEW directory_spool_cursor AS
SELECT spool_id, position, pending FROM spool_cursor;
GRANT SELECT ON directory_spool_cursor TO tollgate_proxy;
