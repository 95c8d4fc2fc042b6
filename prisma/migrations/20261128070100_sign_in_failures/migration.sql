-- Failed sign-ins of accounts that exist, for the audit log of each organisation the person belongs to. Nobody may enter an
-- organisation because somebody failed to sign in, so they wait here: the organisation's next visitor enters them.

CREATE TABLE sign_in_failure (
  org_id uuid NOT NULL,
  user_id uuid NOT NULL,
  -- Of the client; empty: not known.
  address text NOT NULL,
  -- wrong_password or too_many_tries
  reason text NOT NULL,
  times integer NOT NULL DEFAULT 1,
  first_at timestamptz(6) NOT NULL,
  last_at timestamptz(6) NOT NULL,
  CONSTRAINT sign_in_failure_pkey PRIMARY KEY (org_id, user_id, address, reason),
  CONSTRAINT sign_in_failure_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisation (id) ON DELETE RESTRICT ON UPDATE CASCADE
);

ALTER TABLE sign_in_failure ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_failure FORCE ROW LEVEL SECURITY;
GRANT SELECT, DELETE ON sign_in_failure TO tollgate_control;

DO $$
DECLARE
  tenant CONSTANT text := CASE WHEN to_regprocedure('public.tenant()') IS NULL
    THEN 'nullif(current_setting(''app.org_id'', true), '''')::uuid' ELSE '(SELECT public.tenant())' END;
BEGIN
  EXECUTE format(
    'CREATE POLICY tenant ON sign_in_failure TO tollgate_control USING (org_id = %1$s) WITH CHECK (org_id = %1$s)', tenant
  );
END
$$;

-- Written by a function that looks the account up itself. It writes and commits for an address without an account too, so
-- that both take the same time.

CREATE POLICY directory ON sign_in_failure TO tollgate_directory USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON sign_in_failure TO tollgate_directory;
GRANT SELECT (email) ON app_user TO tollgate_directory;
GRANT INSERT ON sign_in_attempt TO tollgate_directory;

CREATE FUNCTION note_failed_sign_in(email text, address text, reason text, at timestamptz) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO public.sign_in_attempt (id, bucket, at) VALUES (gen_random_uuid(), 'failed', note_failed_sign_in.at);
  INSERT INTO public.sign_in_failure AS f (org_id, user_id, address, reason, first_at, last_at)
  SELECT m.org_id, m.user_id, note_failed_sign_in.address, note_failed_sign_in.reason, note_failed_sign_in.at,
    note_failed_sign_in.at
  FROM public.app_user AS u JOIN public.membership AS m ON m.user_id = u.id
  WHERE u.email = note_failed_sign_in.email
  ORDER BY m.org_id
  ON CONFLICT ON CONSTRAINT sign_in_failure_pkey DO UPDATE SET times = f.times + 1, last_at = excluded.last_at;
END
$$;
COMMENT ON FUNCTION note_failed_sign_in(text, text, text, timestamptz) IS
  'Notes a failed sign-in for each organisation of the account with this address; tells nothing.';

GRANT CREATE ON SCHEMA public TO tollgate_directory;
REVOKE ALL ON FUNCTION note_failed_sign_in(text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION note_failed_sign_in(text, text, text, timestamptz) TO tollgate_control;
ALTER FUNCTION note_failed_sign_in(text, text, text, timestamptz) OWNER TO tollgate_directory;
REVOKE CREATE ON SCHEMA public FROM tollgate_directory;
