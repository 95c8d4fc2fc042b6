-- Whether the installation has an organisation, for the first visit: the control role sees none until one is named.
-- owner: tollgate_directory
CREATE OR REPLACE VIEW installation AS
SELECT EXISTS (SELECT FROM organisation) AS has_organisation;
GRANT SELECT ON installation TO tollgate_control;
