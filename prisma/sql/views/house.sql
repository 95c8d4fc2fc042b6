-- Whether the installation has an organisation, for the first visit: the control role sees none until one is named.
-- owner: tollgate_directory
CREATE OR REPLACE VIEW house AS
SELECT EXISTS (SELECT FROM organisation) AS inhabited;
GRANT SELECT ON house TO tollgate_control;
