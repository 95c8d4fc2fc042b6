-- Any role may LISTEN, so a notification names no organisation: it says that something has changed, and the proxy asks its
-- views what. A proxy of the version before finds no organisation of that name, warns, and polls.
CREATE OR REPLACE FUNCTION announce_policy() RETURNS trigger
  LANGUAGE plpgsql
AS $$
BEGIN
  -- The same text again in one transaction is sent once.
  PERFORM pg_notify('tollgate_policy', pg_current_xact_id()::text);
  RETURN NULL;
END
$$;

-- Grows with each change that is committed, whichever organisation's: cheap to poll where a pooler takes no LISTEN.
GRANT CREATE ON SCHEMA public TO tollgate_directory;
SET ROLE tollgate_directory;
CREATE VIEW directory_newest AS
SELECT coalesce(sum(revision), 0)::text || '/' || count(*) AS revision FROM organisation;
GRANT SELECT ON directory_newest TO tollgate_proxy;
RESET ROLE;
REVOKE CREATE ON SCHEMA public FROM tollgate_directory;
