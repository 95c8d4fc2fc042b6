-- The table spend_limit becomes usage_limit: a limit counts money, requests, tokens or concurrent calls. Policies, triggers,
-- rights and foreign keys stay with the table. Processes of the version before read and write the view spend_limit
-- (prisma/sql/views/spend_limit.sql), which the same transaction creates, so that they never find neither. The lock is given
-- back after half a second and asked for again, so that running transactions go on.
DO $$
BEGIN
  PERFORM set_config('lock_timeout', '500ms', true);
  FOR attempt IN 1..200 LOOP
    BEGIN
      LOCK TABLE spend_limit IN ACCESS EXCLUSIVE MODE;
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
ALTER TABLE spend_limit RENAME TO usage_limit;
ALTER TABLE usage_limit RENAME CONSTRAINT spend_limit_pkey TO usage_limit_pkey;
ALTER TABLE usage_limit RENAME CONSTRAINT spend_limit_org_id_fkey TO usage_limit_org_id_fkey;
ALTER INDEX spend_limit_org_id_id_key RENAME TO usage_limit_org_id_id_key;

CREATE VIEW spend_limit WITH (security_invoker = true) AS
SELECT
  id, org_id, scope, subject, unit, "window", anchor, amount, mode, thresholds, on_store_down, created_at, updated_at
FROM usage_limit;
GRANT SELECT, INSERT, UPDATE, DELETE ON spend_limit TO tollgate_control;
GRANT SELECT ON spend_limit TO tollgate_ingest;
