-- A credential's box names the origin its secret may be sent to; boxes sealed before this migration do not.

-- AlterTable
ALTER TABLE "credential" ADD COLUMN     "legacy_origin" TEXT,
ADD COLUMN     "sealed_origin" TEXT;

-- The origin each older box has at this moment. It is kept by the database, out of reach of whoever can write
-- `base_url`: the proxy seals the box again with this origin and no other. Written as the directory's role, since the
-- owner sees no row of a table that forces row security.
CREATE POLICY reseal ON credential FOR UPDATE TO tollgate_directory USING (true) WITH CHECK (true);
GRANT UPDATE (sealed, sealed_origin, legacy_origin) ON credential TO tollgate_directory;
SET ROLE tollgate_directory;
UPDATE credential SET legacy_origin = substring(base_url FROM '^https?://[^/?#]+')
WHERE deleted_at IS NULL AND sealed <> '';
RESET ROLE;
REVOKE UPDATE (legacy_origin) ON credential FROM tollgate_directory;
ALTER POLICY reseal ON credential USING (legacy_origin IS NOT NULL) WITH CHECK (legacy_origin IS NULL);

-- From here on nobody's statement sets it, whatever it says; another box clears it.
CREATE FUNCTION keep_legacy_origin() RETURNS trigger
  LANGUAGE plpgsql SET search_path = public, pg_temp
AS $$
BEGIN
  IF tg_op = 'INSERT' OR new.sealed IS DISTINCT FROM old.sealed THEN
    new.legacy_origin := NULL;
  ELSE
    new.legacy_origin := old.legacy_origin;
  END IF;
  RETURN new;
END
$$;
CREATE TRIGGER keep_legacy_origin BEFORE INSERT OR UPDATE ON credential
  FOR EACH ROW EXECUTE FUNCTION keep_legacy_origin();

-- Puts the new box in the place of the old one, if that is still there. Null: it is not.
CREATE FUNCTION apply_resealed(org uuid, credential_id uuid, old_box_hash text, new_box text) RETURNS text
  LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  UPDATE credential SET sealed = new_box, sealed_origin = legacy_origin
  WHERE org_id = org AND id = credential_id AND deleted_at IS NULL AND legacy_origin IS NOT NULL
    AND encode(sha256(convert_to(sealed, 'UTF8')), 'hex') = old_box_hash
  RETURNING sealed_origin
$$;
REVOKE ALL ON FUNCTION apply_resealed(uuid, uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION apply_resealed(uuid, uuid, text, text) TO tollgate_ingest;

-- What the worker did is in the organisation's audit log.
CREATE POLICY ingest_read ON audit_entry FOR SELECT TO tollgate_ingest USING (true);
CREATE POLICY ingest_resealed ON audit_entry FOR INSERT TO tollgate_ingest WITH CHECK (action = 'credentials.reseal');
GRANT SELECT (org_id, sequence, hash), INSERT ON audit_entry TO tollgate_ingest;

CREATE VIEW directory_legacy_box AS
SELECT org_id, id AS credential_id, legacy_origin AS origin FROM credential
WHERE legacy_origin IS NOT NULL AND deleted_at IS NULL;

-- Giving something away takes the receiving role's right to create, for the moment.
GRANT CREATE ON SCHEMA public TO tollgate_directory;
GRANT SELECT ON directory_legacy_box TO tollgate_proxy;
ALTER VIEW directory_legacy_box OWNER TO tollgate_directory;
ALTER FUNCTION apply_resealed(uuid, uuid, text, text) OWNER TO tollgate_directory;
REVOKE CREATE ON SCHEMA public FROM tollgate_directory;
