-- The table bookkeeping becomes ledger_maintenance. As with usage_limit, processes of the version before read and write a view
-- with the former name (prisma/sql/views/bookkeeping.sql), which the same transaction creates.
DO $$
BEGIN
  PERFORM set_config('lock_timeout', '500ms', true);
  FOR attempt IN 1..200 LOOP
    BEGIN
      LOCK TABLE bookkeeping IN ACCESS EXCLUSIVE MODE;
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      IF attempt = 200 THEN
        RAISE;
      END IF;
      PERFORM pg_sleep(0.2 + random() * 0.3);
    END;
  END LOOP;
  PERFORM set_config('lock_timeout', '0', true);
END
$$;
ALTER TABLE bookkeeping RENAME TO ledger_maintenance;
ALTER TABLE ledger_maintenance RENAME CONSTRAINT bookkeeping_pkey TO ledger_maintenance_pkey;
ALTER TABLE ledger_maintenance RENAME CONSTRAINT bookkeeping_org_id_fkey TO ledger_maintenance_org_id_fkey;
ALTER INDEX bookkeeping_org_id_kind_asked_at_idx RENAME TO ledger_maintenance_org_id_kind_asked_at_idx;

CREATE VIEW bookkeeping WITH (security_invoker = true) AS
SELECT
  id, org_id, kind, since, until, asked_at, asked_by, done_at, model, provider, note, differences, adjusted, adjusted_nano
FROM ledger_maintenance;
GRANT SELECT, INSERT ON bookkeeping TO tollgate_control;
GRANT SELECT, INSERT, UPDATE ON bookkeeping TO tollgate_ingest;
