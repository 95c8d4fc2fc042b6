-- A batch is priced by the model behind the name of its target. The policy is in prisma/sql/policies/target.sql.
GRANT SELECT (id, org_id, credential_id, upstream_model, base_model) ON target TO tollgate_ingest;
