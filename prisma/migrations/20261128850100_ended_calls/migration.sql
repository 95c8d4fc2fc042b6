-- For directory_ended_call: proxies ask which calls the ledger has.
GRANT SELECT (org_id, id) ON usage_event TO tollgate_directory;
