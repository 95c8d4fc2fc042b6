-- The log of policy changes. Proxies read it to learn what to read again. Triggers write it, in the transaction of the change.

-- CreateTable
CREATE TABLE "policy_change" (
    "revision" BIGSERIAL NOT NULL,
    "transaction" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "organisation" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_change_pkey" PRIMARY KEY ("revision")
);

-- CreateIndex
CREATE UNIQUE INDEX "policy_change_transaction_organisation_kind_subject_key" ON "policy_change"("transaction", "organisation", "kind", "subject");

COMMENT ON TABLE policy_change IS
  'What changed in the policy of which organisation: kind organisation (anything but keys), key (subject: its public id), member (subject: its id; the keys of this member), counters (limit counters were corrected) or all (a table was truncated; organisation is zero).';
GRANT SELECT, INSERT, DELETE ON policy_change TO tollgate_directory;
GRANT USAGE ON SEQUENCE policy_change_revision_seq TO tollgate_directory;

-- A notification says that something has changed; the proxy reads the log to find out what.
CREATE FUNCTION announce_policy_change() RETURNS trigger
  LANGUAGE plpgsql
AS $$
BEGIN
  -- The same text as announce_policy() sends: Postgres sends it once in a transaction.
  PERFORM pg_notify('tollgate_policy', pg_current_xact_id()::text);
  RETURN NULL;
END
$$;
CREATE TRIGGER announce_policy_change AFTER INSERT ON policy_change
  FOR EACH STATEMENT EXECUTE FUNCTION announce_policy_change();

-- The functions below run as the directory's role: the owner of the tables sees no row of a tenant.
GRANT CREATE ON SCHEMA public TO tollgate_directory;
SET ROLE tollgate_directory;

-- Tables other than those of keys: row by row. The first change of a transaction is logged, and increases the revision.
CREATE OR REPLACE FUNCTION policy_changed() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  idle CONSTANT text[] := ARRAY['last_used_at', 'updated_at'];
  org uuid;
BEGIN
  -- Keys have triggers of their own, by statement: see key_changed().
  IF tg_table_name IN ('virtual_key', 'key_secret') THEN
    RETURN NULL;
  END IF;
  -- A row that was written again as it was is no change of policy.
  IF tg_op = 'UPDATE' AND to_jsonb(new) - idle = to_jsonb(old) - idle THEN
    RETURN NULL;
  END IF;
  org := coalesce(new.org_id, old.org_id);
  IF tg_table_name = 'membership' AND tg_op <> 'INSERT' THEN
    INSERT INTO policy_change (organisation, kind, subject) VALUES (org, 'member', old.id) ON CONFLICT DO NOTHING;
  END IF;
  INSERT INTO policy_change (organisation, kind) VALUES (org, 'organisation') ON CONFLICT DO NOTHING;
  -- Proxies of the version before compare revisions.
  IF found THEN
    UPDATE organisation SET revision = revision + 1 WHERE id = org;
  END IF;
  RETURN NULL;
END
$$;

-- The organisation's own row. Its revision increases with changes that are logged elsewhere.
CREATE FUNCTION organisation_changed() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  idle CONSTANT text[] := ARRAY['revision', 'counters_revision', 'updated_at'];
BEGIN
  IF tg_op <> 'UPDATE' OR to_jsonb(new) - idle <> to_jsonb(old) - idle THEN
    INSERT INTO policy_change (organisation, kind) VALUES (coalesce(new.id, old.id), 'organisation')
      ON CONFLICT DO NOTHING;
  END IF;
  IF tg_op = 'UPDATE' AND new.counters_revision <> old.counters_revision THEN
    INSERT INTO policy_change (organisation, kind) VALUES (new.id, 'counters') ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END
$$;

-- Logs keys of one table that a statement changed, and increases the revision of their organisations once in a transaction.
CREATE FUNCTION log_keys(p_orgs uuid[], p_public_ids text[]) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
  UPDATE organisation SET revision = revision + 1
  WHERE id = ANY (p_orgs) AND NOT EXISTS (
    SELECT FROM policy_change AS c
    WHERE c.transaction = pg_current_xact_id() AND c.organisation = organisation.id
  );
  INSERT INTO policy_change (organisation, kind, subject)
  SELECT k.org_id, 'key', k.public_id FROM unnest(p_orgs, p_public_ids) AS k (org_id, public_id)
  ON CONFLICT DO NOTHING;
END
$$;

CREATE FUNCTION key_changed() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  -- That a key was used is no change of policy.
  idle CONSTANT text[] := ARRAY['last_used_at', 'updated_at'];
  orgs uuid[];
  public_ids text[];
BEGIN
  IF tg_op = 'INSERT' THEN
    SELECT array_agg(org_id), array_agg(public_id) INTO orgs, public_ids FROM new_rows;
  ELSIF tg_op = 'DELETE' THEN
    SELECT array_agg(org_id), array_agg(public_id) INTO orgs, public_ids FROM old_rows;
  ELSE
    SELECT array_agg(k.org_id), array_agg(k.public_id) INTO orgs, public_ids
    FROM old_rows AS o JOIN new_rows AS n USING (id),
      LATERAL (VALUES (o.org_id, o.public_id), (n.org_id, n.public_id)) AS k (org_id, public_id)
    WHERE to_jsonb(n) - idle <> to_jsonb(o) - idle;
    -- A limit of one key shows its name.
    INSERT INTO policy_change (organisation, kind)
    SELECT DISTINCT n.org_id, 'organisation'
    FROM old_rows AS o JOIN new_rows AS n USING (id)
      JOIN usage_limit AS l ON l.org_id = n.org_id AND l.scope = 'key' AND l.subject = n.id::text
    WHERE n.name <> o.name
    ON CONFLICT DO NOTHING;
  END IF;
  IF orgs IS NOT NULL THEN
    PERFORM log_keys(orgs, public_ids);
  END IF;
  RETURN NULL;
END
$$;

CREATE FUNCTION key_secret_changed() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  orgs uuid[];
  public_ids text[];
BEGIN
  -- Of a key that is gone there is nothing to log: key_changed() does it.
  IF tg_op = 'INSERT' THEN
    SELECT array_agg(k.org_id), array_agg(k.public_id) INTO orgs, public_ids
    FROM virtual_key AS k JOIN new_rows AS s ON s.org_id = k.org_id AND s.key_id = k.id;
  ELSIF tg_op = 'DELETE' THEN
    SELECT array_agg(k.org_id), array_agg(k.public_id) INTO orgs, public_ids
    FROM virtual_key AS k JOIN old_rows AS s ON s.org_id = k.org_id AND s.key_id = k.id;
  ELSE
    SELECT array_agg(k.org_id), array_agg(k.public_id) INTO orgs, public_ids
    FROM old_rows AS o JOIN new_rows AS n USING (id)
      JOIN virtual_key AS k ON k.org_id = o.org_id AND k.id = o.key_id OR k.org_id = n.org_id AND k.id = n.key_id
    WHERE n IS DISTINCT FROM o;
  END IF;
  IF orgs IS NOT NULL THEN
    PERFORM log_keys(orgs, public_ids);
  END IF;
  RETURN NULL;
END
$$;

CREATE FUNCTION policy_truncated() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
  INSERT INTO policy_change (organisation, kind) VALUES ('00000000-0000-0000-0000-000000000000', 'all')
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;

-- Deletes changes older than a week. The newest stays. Returns how many it deleted, at most 50,000.
CREATE FUNCTION forget_policy_changes() RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
  forgotten integer;
BEGIN
  DELETE FROM policy_change
  WHERE revision IN (SELECT revision FROM policy_change ORDER BY revision LIMIT 50000)
    AND at < now() - interval '7 days'
    AND revision < (SELECT max(revision) FROM policy_change);
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  RETURN forgotten;
END
$$;

REVOKE ALL ON FUNCTION
  organisation_changed(), log_keys(uuid[], text[]), key_changed(), key_secret_changed(), policy_truncated(), forget_policy_changes()
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_policy_changes() TO tollgate_ingest;
GRANT EXECUTE ON FUNCTION organisation_changed(), key_changed(), key_secret_changed(), policy_truncated() TO SESSION_USER;
RESET ROLE;

-- Triggers need a lock that waits for running transactions. It is given back after half a second and asked for again, so that others
-- do not wait behind it.
DO $$
BEGIN
  PERFORM set_config('lock_timeout', '500ms', true);
  FOR attempt IN 1..200 LOOP
    BEGIN
      LOCK TABLE organisation, team, membership, credential, model, target, virtual_key, key_secret, usage_limit, limit_increase,
        guardrail, price_override IN SHARE ROW EXCLUSIVE MODE;
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

-- A trigger takes the right to run its function, for the moment.
CREATE TRIGGER organisation_changed AFTER INSERT OR UPDATE OR DELETE ON organisation
  FOR EACH ROW EXECUTE FUNCTION organisation_changed();
CREATE TRIGGER key_created AFTER INSERT ON virtual_key
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION key_changed();
CREATE TRIGGER key_changed AFTER UPDATE ON virtual_key
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION key_changed();
CREATE TRIGGER key_deleted AFTER DELETE ON virtual_key
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION key_changed();
CREATE TRIGGER key_secret_created AFTER INSERT ON key_secret
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION key_secret_changed();
CREATE TRIGGER key_secret_changed AFTER UPDATE ON key_secret
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION key_secret_changed();
CREATE TRIGGER key_secret_deleted AFTER DELETE ON key_secret
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION key_secret_changed();
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'organisation', 'team', 'membership', 'credential', 'model', 'target', 'virtual_key', 'key_secret', 'usage_limit',
    'limit_increase', 'guardrail', 'price_override'
  ] LOOP
    EXECUTE format(
      'CREATE TRIGGER policy_truncated AFTER TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION policy_truncated()', name
    );
  END LOOP;
END
$$;

SET ROLE tollgate_directory;
REVOKE EXECUTE ON FUNCTION organisation_changed(), key_changed(), key_secret_changed(), policy_truncated() FROM SESSION_USER;
-- So that the log is never empty.
INSERT INTO policy_change (organisation, kind) VALUES ('00000000-0000-0000-0000-000000000000', 'all');
RESET ROLE;
REVOKE CREATE ON SCHEMA public FROM tollgate_directory;
