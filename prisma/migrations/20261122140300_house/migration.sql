-- Whether anybody has moved in, for the first visit: the control role itself sees no organisation until one is named.

CREATE VIEW house AS
SELECT EXISTS (SELECT FROM organisation) AS inhabited;

GRANT CREATE ON SCHEMA public TO tollgate_directory;
GRANT SELECT ON house TO tollgate_control;
ALTER VIEW house OWNER TO tollgate_directory;
REVOKE CREATE ON SCHEMA public FROM tollgate_directory;
