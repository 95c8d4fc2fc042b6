-- Whether proxies keep the responses of translated calls for a while. The default needs no rewrite of the table.
-- The lock is given back after half a second and asked for again, so that running transactions go on.
DO $$
BEGIN
  PERFORM set_config('lock_timeout', '500ms', true);
  FOR attempt IN 1..200 LOOP
    BEGIN
      LOCK TABLE organisation IN ACCESS EXCLUSIVE MODE;
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
ALTER TABLE "organisation" ADD COLUMN "keeps_responses" BOOLEAN NOT NULL DEFAULT true;
