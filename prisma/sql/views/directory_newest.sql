-- Changes with each committed change of any organisation: cheap to poll where a pooler passes on no notification.
-- owner: tollgate_directory
CREATE OR REPLACE VIEW directory_newest AS
SELECT coalesce(sum(revision), 0)::text || '/' || count(*) AS revision FROM organisation;
GRANT SELECT ON directory_newest TO tollgate_proxy;
