-- Limits on runs, end users and cost centres. Proxies of earlier versions do not see them: `directory_policy` has them in a list of
-- their own. Ingest deletes the counters of runs that are over.
ALTER TYPE "limit_scope" ADD VALUE 'run';
ALTER TYPE "limit_scope" ADD VALUE 'end_user';
ALTER TYPE "limit_scope" ADD VALUE 'cost_centre';
GRANT DELETE ON limit_counter TO tollgate_ingest;
