-- The second of the two walls between tenants: who may touch which table, and which rows of it.
-- Roles belong to the cluster, so other databases may have made them already. They cannot log in until the
-- installation gives them a password.

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['tollgate_control', 'tollgate_proxy', 'tollgate_ingest', 'tollgate_directory'] LOOP
    IF to_regrole(name) IS NULL THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE', name);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL; -- made by another database's migration at the same moment
      END;
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', name);
  END LOOP;
END
$$;

-- Every table of a tenant: no row without `app.org_id`, which `withTenant` sets for one transaction.

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'membership', 'team', 'team_membership', 'credential', 'model', 'target', 'virtual_key', 'key_secret',
    'spend_limit', 'limit_counter', 'guardrail', 'admin_token', 'idempotent_request', 'audit_entry',
    'usage_event', 'usage_minute', 'usage_hour', 'usage_day', 'usage_latency', 'usage_label'
  ] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO tollgate_control
         USING (org_id = nullif(current_setting(''app.org_id'', true), '''')::uuid)
         WITH CHECK (org_id = nullif(current_setting(''app.org_id'', true), '''')::uuid)',
      name
    );
  END LOOP;
END
$$;

ALTER TABLE organisation ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisation FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON organisation TO tollgate_control
  USING (id = nullif(current_setting('app.org_id', true), '')::uuid)
  WITH CHECK (id = nullif(current_setting('app.org_id', true), '')::uuid);

ALTER TABLE app_user ENABLE ROW LEVEL SECURITY;
ALTER TABLE app_user FORCE ROW LEVEL SECURITY;
CREATE POLICY self ON app_user TO tollgate_control
  USING (id = nullif(current_setting('app.user_id', true), '')::uuid)
  WITH CHECK (id = nullif(current_setting('app.user_id', true), '')::uuid);

ALTER TABLE user_session ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_session FORCE ROW LEVEL SECURITY;
CREATE POLICY self ON user_session TO tollgate_control
  USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid)
  WITH CHECK (user_id = nullif(current_setting('app.user_id', true), '')::uuid);

-- What must be found before a tenant is known: a person's own organisations, whoever signs in, the bearer of a
-- session or of an admin token.

CREATE POLICY own ON membership FOR SELECT TO tollgate_control
  USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
CREATE POLICY own ON organisation FOR SELECT TO tollgate_control
  USING (EXISTS (
    SELECT FROM membership AS m
    WHERE m.org_id = organisation.id AND m.user_id = nullif(current_setting('app.user_id', true), '')::uuid
  ));
CREATE POLICY signing_in ON app_user FOR SELECT TO tollgate_control
  USING (email = nullif(current_setting('app.sign_in_email', true), ''));
CREATE POLICY colleague ON app_user FOR SELECT TO tollgate_control
  USING (EXISTS (
    SELECT FROM membership AS m
    WHERE m.user_id = app_user.id AND m.org_id = nullif(current_setting('app.org_id', true), '')::uuid
  ));
CREATE POLICY bearer ON user_session TO tollgate_control
  USING (id = nullif(current_setting('app.session_id', true), '')::uuid);
CREATE POLICY bearer ON admin_token FOR SELECT TO tollgate_control
  USING (public_id = nullif(current_setting('app.token_public_id', true), ''));

GRANT SELECT, INSERT, UPDATE ON organisation, app_user TO tollgate_control;
GRANT SELECT, INSERT, UPDATE, DELETE ON user_session TO tollgate_control;
GRANT SELECT, INSERT, DELETE ON sign_in_attempt TO tollgate_control;
GRANT SELECT, INSERT, UPDATE, DELETE ON
  membership, team, team_membership, credential, model, target, virtual_key, key_secret, spend_limit, limit_counter,
  guardrail, admin_token, idempotent_request
TO tollgate_control;
GRANT SELECT, INSERT ON audit_entry TO tollgate_control;
GRANT SELECT ON usage_event, usage_minute, usage_hour, usage_day, usage_latency, usage_label TO tollgate_control;

-- Ingest writes the ledger of every tenant, and reads of policy only what tells which limits an event counts against.

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'usage_event', 'usage_minute', 'usage_hour', 'usage_day', 'usage_latency', 'usage_label', 'limit_counter'
  ] LOOP
    EXECUTE format('CREATE POLICY ingest ON %I TO tollgate_ingest USING (true) WITH CHECK (true)', name);
  END LOOP;
END
$$;
GRANT SELECT, INSERT, UPDATE ON
  usage_event, usage_minute, usage_hour, usage_day, usage_latency, usage_label, limit_counter, spool_cursor
TO tollgate_ingest;

CREATE POLICY ingest ON organisation FOR SELECT TO tollgate_ingest USING (true);
CREATE POLICY ingest ON spend_limit FOR SELECT TO tollgate_ingest USING (true);
CREATE POLICY ingest_read ON virtual_key FOR SELECT TO tollgate_ingest USING (true);
CREATE POLICY ingest_used ON virtual_key FOR UPDATE TO tollgate_ingest USING (true);
GRANT SELECT (id, time_zone) ON organisation TO tollgate_ingest;
GRANT SELECT ON spend_limit TO tollgate_ingest;
GRANT SELECT (id, org_id, last_used_at), UPDATE (last_used_at) ON virtual_key TO tollgate_ingest;

-- The ledger's days. A partition answers only through its parent: nobody is granted it, and its own row security has
-- no policy.

CREATE FUNCTION uuid_floor(instant timestamptz) RETURNS uuid
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN (lpad(to_hex((extract(epoch FROM instant) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;

CREATE FUNCTION ensure_usage_partition(day date) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  name text := 'usage_event_' || to_char(day, 'YYYYMMDD');
BEGIN
  IF to_regclass(name) IS NOT NULL THEN
    RETURN false;
  END IF;
  -- Asked again behind the lock, and of the table itself: what to_regclass remembers may be older than the lock.
  PERFORM pg_advisory_xact_lock(hashtext('ensure_usage_partition'));
  IF EXISTS (SELECT FROM pg_class WHERE relname = name AND relnamespace = 'public'::regnamespace) THEN
    RETURN false;
  END IF;
  -- Made apart and then attached: readers and writers of other days are not locked out.
  EXECUTE format('CREATE TABLE %I (LIKE usage_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
  EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
  EXECUTE format(
    'ALTER TABLE usage_event ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
    name,
    uuid_floor(day::timestamp AT TIME ZONE 'UTC'),
    uuid_floor((day + 1)::timestamp AT TIME ZONE 'UTC')
  );
  RETURN true;
END
$$;
COMMENT ON FUNCTION ensure_usage_partition(date) IS 'Makes the partition of one UTC day; true when it was not there.';
REVOKE ALL ON FUNCTION ensure_usage_partition(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_usage_partition(date) TO tollgate_ingest;
