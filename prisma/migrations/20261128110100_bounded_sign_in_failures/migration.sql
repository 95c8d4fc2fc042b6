-- As before, but what the caller says is bounded. SQL of an attacker could note a failure at `infinity` for any address, and
-- every change of that person's organisations failed until somebody removed the row: its time cannot be written
-- into the audit log.
GRANT CREATE ON SCHEMA public TO tollgate_directory;
SET ROLE tollgate_directory;
CREATE OR REPLACE FUNCTION note_failed_sign_in(email text, address text, reason text, at timestamptz) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  seen CONSTANT timestamptz := CASE
    WHEN note_failed_sign_in.at BETWEEN now() - interval '1 day' AND now() + interval '1 day' THEN note_failed_sign_in.at
    ELSE now()
  END;
  origin CONSTANT text := left(note_failed_sign_in.address, 64);
  cause CONSTANT text := CASE note_failed_sign_in.reason
    WHEN 'too_many_tries' THEN 'too_many_tries' ELSE 'wrong_password'
  END;
BEGIN
  INSERT INTO public.sign_in_attempt (id, bucket, at) VALUES (gen_random_uuid(), 'failed', seen);
  INSERT INTO public.sign_in_failure AS f (org_id, user_id, address, reason, first_at, last_at)
  SELECT m.org_id, m.user_id, origin, cause, seen, seen
  FROM public.app_user AS u JOIN public.membership AS m ON m.user_id = u.id
  WHERE u.email = note_failed_sign_in.email
  ORDER BY m.org_id
  ON CONFLICT ON CONSTRAINT sign_in_failure_pkey DO UPDATE SET times = f.times + 1, last_at = excluded.last_at;
END
$$;
RESET ROLE;
REVOKE CREATE ON SCHEMA public FROM tollgate_directory;
