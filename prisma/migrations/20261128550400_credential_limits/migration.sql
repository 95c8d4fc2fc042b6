-- Limits on credentials, checked before each attempt. Ingest reads the names of credentials for alerts.
ALTER TYPE "limit_scope" ADD VALUE 'credential';
GRANT SELECT (id, org_id, name) ON credential TO tollgate_ingest;
