-- The cost centre of a key's calls: its own, else its team's, else its member's.
-- A new column needs a lock that waits for running transactions. It is given back after half a second and asked for again, so that
-- others do not wait behind it.
DO $$
BEGIN
  PERFORM set_config('lock_timeout', '500ms', true);
  FOR attempt IN 1..200 LOOP
    BEGIN
      LOCK TABLE team, membership, virtual_key IN ACCESS EXCLUSIVE MODE;
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

ALTER TABLE "team" ADD COLUMN "cost_centre" TEXT;
ALTER TABLE "membership" ADD COLUMN "cost_centre" TEXT;
ALTER TABLE "virtual_key" ADD COLUMN "cost_centre" TEXT;
