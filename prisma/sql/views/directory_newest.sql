-- Changes with each committed change of any organisation. A proxy behind a pooler gets no notifications and polls it.
-- owner: tollgate_directory
CREATE OR REPLACE VIEW directory_newest AS
SELECT coalesce(sum(revision), 0)::text || '/' || count(*) AS revision FROM organisation;
GRANT SELECT ON directory_newest TO tollgate_proxy;
