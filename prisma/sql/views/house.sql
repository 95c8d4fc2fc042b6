-- The former name of installation, for processes of the version before. Remove it in the next version.
-- owner: tollgate_directory
CREATE OR REPLACE VIEW house AS
SELECT EXISTS (SELECT FROM organisation) AS inhabited;
GRANT SELECT ON house TO tollgate_control;
