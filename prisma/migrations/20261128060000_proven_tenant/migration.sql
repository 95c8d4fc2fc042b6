-- Before: whoever runs SQL as the control role names any organisation in `app.org_id` and reads it.
-- After: a transaction gets its scope from a function that has verified a session, a token or a password. The function
-- writes a MAC over the scope and the transaction's start; `tenant()` and `person()` return nothing without it. The key is in a
-- schema that no role which can log in may use.

DO $$
BEGIN
  IF to_regrole('tollgate_wall') IS NULL THEN
    BEGIN
      CREATE ROLE tollgate_wall NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL; -- made by another database's migration at the same moment
    END;
  END IF;
  IF current_setting('server_version_num')::int < 160000 THEN
    IF NOT pg_has_role(current_user, 'tollgate_wall', 'MEMBER') THEN
      EXECUTE format('GRANT tollgate_wall TO %I', current_user);
    END IF;
  ELSIF NOT pg_has_role(current_user, 'tollgate_wall', 'SET') THEN
    EXECUTE format('GRANT tollgate_wall TO %I WITH INHERIT FALSE, SET TRUE', current_user);
  END IF;
END
$$;

-- Altering a policy locks its table. All locks are taken at once or given back after half a second, so that running
-- transactions go on and no deadlock can form.

DO $$
DECLARE
  tables text := (
    SELECT string_agg(format('ONLY public.%I', tablename), ', ' ORDER BY tablename)
    FROM (SELECT DISTINCT tablename FROM pg_policies WHERE schemaname = 'public') AS t
  );
BEGIN
  PERFORM set_config('lock_timeout', '500ms', true);
  FOR attempt IN 1..200 LOOP
    BEGIN
      EXECUTE 'LOCK TABLE ' || tables || ' IN ACCESS EXCLUSIVE MODE';
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

CREATE SCHEMA wall;
GRANT USAGE ON SCHEMA wall TO tollgate_wall;
GRANT USAGE ON SCHEMA public TO tollgate_wall;

CREATE TABLE wall.seal_key (
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  inner_key bytea NOT NULL,
  outer_key bytea NOT NULL,
  -- Until then a scope without a MAC counts too: for dashboards of the version before, while they are replaced.
  unsealed_until timestamptz NOT NULL
);
GRANT SELECT ON wall.seal_key TO tollgate_wall;

CREATE FUNCTION wall.random_block() RETURNS bytea LANGUAGE sql VOLATILE
  RETURN sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
    || sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

DO $$
DECLARE
  inhabited boolean;
BEGIN
  -- As the directory: forced row security shows the owner no organisation.
  SET LOCAL ROLE tollgate_directory;
  inhabited := EXISTS (SELECT FROM organisation);
  RESET ROLE;
  INSERT INTO wall.seal_key (inner_key, outer_key, unsealed_until) VALUES (
    wall.random_block(),
    wall.random_block(),
    -- A new installation has no dashboard of the version before.
    CASE WHEN inhabited THEN now() + interval '1 hour' ELSE '-infinity'::timestamptz END
  );
END
$$;

-- HMAC with two independent keys. The transaction's start is part of it: a MAC is worth nothing in another transaction.
CREATE FUNCTION wall.seal(org text, person text) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN (
    SELECT encode(sha256(k.outer_key || sha256(k.inner_key || convert_to(
      extract(epoch FROM now())::text || '|' || org || '|' || person, 'UTF8'
    ))), 'base64')
    FROM wall.seal_key AS k
  );

CREATE FUNCTION wall.is_sealed() RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN wall.seal(current_setting('app.org_id', true), current_setting('app.user_id', true))
      = current_setting('app.seal', true)
    OR now() < (SELECT k.unsealed_until FROM wall.seal_key AS k);

CREATE FUNCTION wall.enter(org uuid, person uuid) RETURNS void
  LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
  PERFORM set_config('app.org_id', coalesce(org::text, ''), true),
    set_config('app.user_id', coalesce(person::text, ''), true),
    set_config('app.seal', wall.seal(coalesce(org::text, ''), coalesce(person::text, '')), true);
END
$$;

-- What policies compare with, as `(SELECT tenant())`: so it is evaluated once per statement and not once per row.

CREATE FUNCTION tenant() RETURNS uuid
  LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  org text := current_setting('app.org_id', true);
BEGIN
  RETURN CASE WHEN org <> '' AND wall.is_sealed() THEN org::uuid END;
END
$$;
COMMENT ON FUNCTION tenant() IS 'The organisation this transaction has proven its right to; null without a proof.';

CREATE FUNCTION person() RETURNS uuid
  LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  who text := current_setting('app.user_id', true);
BEGIN
  RETURN CASE WHEN who <> '' AND wall.is_sealed() THEN who::uuid END;
END
$$;
COMMENT ON FUNCTION person() IS 'The person this transaction has proven to act for; null without a proof.';

CREATE FUNCTION takes_unsealed() RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  RETURN now() < (SELECT k.unsealed_until FROM wall.seal_key AS k);
COMMENT ON FUNCTION takes_unsealed() IS 'Whether dashboards of the version before are still served.';

-- The proofs. Each sets the scope of the rest of the transaction.

CREATE FUNCTION enter_session(session uuid, org uuid) RETURNS uuid
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  who uuid;
BEGIN
  SELECT s.user_id INTO who FROM public.user_session AS s
  WHERE s.id = session AND s.expires_at > now() AND (org IS NULL OR EXISTS (
    SELECT FROM public.membership AS m WHERE m.org_id = org AND m.user_id = s.user_id
  ));
  IF who IS NULL THEN
    PERFORM wall.enter(NULL, NULL);
  ELSIF org IS NULL THEN
    PERFORM wall.enter(NULL, who);
  ELSE
    PERFORM wall.enter(org, NULL);
  END IF;
  RETURN who;
END
$$;
COMMENT ON FUNCTION enter_session(uuid, uuid) IS
  'Scope: the person of this session or, given one, an organisation they belong to. Returns the person; null: refused.';

CREATE FUNCTION enter_token(public_id text, hash text) RETURNS uuid
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  org uuid;
BEGIN
  SELECT t.org_id INTO org FROM public.admin_token AS t
  WHERE t.public_id = enter_token.public_id AND t.hash = enter_token.hash
    AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
    AND (t.created_by = '00000000-0000-0000-0000-000000000000' OR EXISTS (
      SELECT FROM public.membership AS m WHERE m.org_id = t.org_id AND m.user_id = t.created_by
    ));
  PERFORM wall.enter(org, NULL);
  RETURN org;
END
$$;
COMMENT ON FUNCTION enter_token(text, text) IS 'Scope: the organisation of this admin token. Returns it; null: refused.';

CREATE FUNCTION password_salt(email text) RETURNS text
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  found text;
BEGIN
  SELECT regexp_replace(u.password_hash, '\$[^$]*$', '') INTO found FROM public.app_user AS u
  WHERE u.email = password_salt.email;
  -- Of nobody's password, the same each time: it looks like any other.
  RETURN coalesce(found, (
    SELECT '$argon2id$v=19$m=19456,t=2,p=1$'
      || rtrim(encode(substr(sha256(k.outer_key || convert_to('salt|' || password_salt.email, 'UTF8')), 1, 16), 'base64'), '=')
    FROM wall.seal_key AS k
  ));
END
$$;
COMMENT ON FUNCTION password_salt(text) IS
  'Parameters and salt of an address''s password hash, never the hash itself; for an unknown address made-up ones.';

CREATE FUNCTION enter_password(email text, password_hash text) RETURNS TABLE (id uuid, name text)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  who record;
BEGIN
  SELECT u.id, u.name INTO who FROM public.app_user AS u
  WHERE u.email = enter_password.email AND u.password_hash = enter_password.password_hash;
  PERFORM wall.enter(NULL, who.id);
  IF who.id IS NOT NULL THEN
    RETURN QUERY SELECT who.id, who.name;
  END IF;
END
$$;
COMMENT ON FUNCTION enter_password(text, text) IS
  'Scope: the person whose password has this hash. Returns them; no row: refused.';

CREATE FUNCTION create_person(id uuid, email text, name text, password_hash text) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO public.app_user (id, email, name, password_hash)
  VALUES (create_person.id, create_person.email, create_person.name, create_person.password_hash)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM wall.enter(public.tenant(), create_person.id);
  RETURN true;
END
$$;
COMMENT ON FUNCTION create_person(uuid, text, text, text) IS
  'A new person, added to the scope. False, and nothing done, when the address has an account.';

CREATE FUNCTION create_organisation(id uuid, slug text, name text) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO public.organisation (id, slug, name)
  VALUES (create_organisation.id, create_organisation.slug, create_organisation.name)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM wall.enter(create_organisation.id, public.person());
  RETURN true;
END
$$;
COMMENT ON FUNCTION create_organisation(uuid, text, text) IS
  'A new organisation, added to the scope. False, and nothing done, when the slug is taken.';

-- For the owner: a transaction under way sees nothing more and fails, the next one has a new MAC.
CREATE FUNCTION wall.rotate_key() RETURNS void LANGUAGE sql VOLATILE
BEGIN ATOMIC
  UPDATE wall.seal_key SET inner_key = wall.random_block(), outer_key = wall.random_block();
END;

DO $$
DECLARE
  name text;
BEGIN
  GRANT CREATE ON SCHEMA public, wall TO tollgate_wall;
  FOREACH name IN ARRAY ARRAY['wall.seal(text, text)', 'wall.is_sealed()', 'wall.enter(uuid, uuid)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', name);
    EXECUTE format('ALTER FUNCTION %s OWNER TO tollgate_wall', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY[
    'tenant()', 'person()', 'takes_unsealed()', 'enter_session(uuid, uuid)', 'enter_token(text, text)', 'password_salt(text)',
    'enter_password(text, text)', 'create_person(uuid, text, text, text)', 'create_organisation(uuid, text, text)'
  ] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', name);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO tollgate_control', name);
    EXECUTE format('ALTER FUNCTION %s OWNER TO tollgate_wall', name);
  END LOOP;
  REVOKE CREATE ON SCHEMA public, wall FROM tollgate_wall;
  REVOKE ALL ON FUNCTION wall.rotate_key(), wall.random_block() FROM PUBLIC;
END
$$;

-- What the proofs read and write.

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['user_session', 'membership', 'admin_token', 'app_user', 'organisation'] LOOP
    EXECUTE format('CREATE POLICY wall ON %I FOR SELECT TO tollgate_wall USING (true)', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['app_user', 'organisation'] LOOP
    EXECUTE format('CREATE POLICY wall_new ON %I FOR INSERT TO tollgate_wall WITH CHECK (true)', name);
  END LOOP;
END
$$;
GRANT SELECT (id, user_id, expires_at) ON user_session TO tollgate_wall;
GRANT SELECT (org_id, user_id) ON membership TO tollgate_wall;
GRANT SELECT (org_id, public_id, hash, revoked_at, expires_at, created_by) ON admin_token TO tollgate_wall;
GRANT SELECT (id, email, name, password_hash), INSERT (id, email, name, password_hash) ON app_user TO tollgate_wall;
GRANT SELECT (id, slug), INSERT (id, slug, name) ON organisation TO tollgate_wall;

-- New people and organisations come from the functions alone, and a password's hash leaves the database no more.
REVOKE INSERT ON organisation FROM tollgate_control;
REVOKE SELECT, INSERT, UPDATE ON app_user FROM tollgate_control;
GRANT SELECT (id, email, name, created_at), UPDATE (name, password_hash) ON app_user TO tollgate_control;

-- Every policy of the control role compares with what was proven.

DO $$
DECLARE
  p record;
  org CONSTANT text := $q$(NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid$q$;
  who CONSTANT text := $q$(NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid$q$;
  new_qual text;
  new_check text;
BEGIN
  FOR p IN
    SELECT tablename, policyname, qual, with_check FROM pg_policies
    WHERE schemaname = 'public' AND 'tollgate_control' = ANY (roles)
  LOOP
    new_qual := replace(replace(p.qual, org, '(SELECT public.tenant())'), who, '(SELECT public.person())');
    new_check := replace(replace(p.with_check, org, '(SELECT public.tenant())'), who, '(SELECT public.person())');
    -- What only the version before looks up so: the account of an address, the row of a session or of a token.
    IF p.policyname IN ('signing_in', 'bearer') THEN
      new_qual := '(SELECT public.takes_unsealed()) AND ' || new_qual;
    END IF;
    EXECUTE format('ALTER POLICY %I ON %I', p.policyname, p.tablename)
      || coalesce(' USING (' || new_qual || ')', '') || coalesce(' WITH CHECK (' || new_check || ')', '');
  END LOOP;
END
$$;

-- A chain grows by one row at a time, whoever writes it.
CREATE FUNCTION next_in_chain() RETURNS trigger LANGUAGE plpgsql
AS $$
DECLARE
  last bigint := (SELECT max(a.sequence) FROM public.audit_entry AS a WHERE a.org_id = new.org_id);
BEGIN
  IF new.sequence <> coalesce(last, 0) + 1 THEN
    RAISE EXCEPTION 'an audit entry follows the last one: % and not %', coalesce(last, 0) + 1, new.sequence
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN new;
END
$$;
CREATE TRIGGER next_in_chain BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION next_in_chain();
