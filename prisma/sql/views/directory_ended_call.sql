-- Calls that are in the ledger, so that nothing is held for them any more.
-- owner: tollgate_directory
CREATE OR REPLACE VIEW directory_ended_call AS
SELECT org_id, id FROM usage_event;
GRANT SELECT ON directory_ended_call TO tollgate_proxy;
