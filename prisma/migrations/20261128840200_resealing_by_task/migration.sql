-- Credentials are sealed again by a task of the proxies, which ask_resealing() adds.
GRANT INSERT (id, org_id, credential_id, kind, begin_by, wait_until, lease_ms) ON proxy_task TO tollgate_directory;
