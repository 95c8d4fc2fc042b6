-- As before, and for two minutes more: by the clock of whoever asks, a window may not be over yet.
GRANT CREATE ON SCHEMA public TO tollgate_directory;
SET ROLE tollgate_directory;
CREATE OR REPLACE VIEW directory_limit_counter AS
SELECT c.org_id, c.limit_id, c.subject, c.window_start, c.settled
FROM limit_counter AS c JOIN spend_limit AS l ON l.org_id = c.org_id AND l.id = c.limit_id
WHERE l."window" = 'total' OR c.window_start > now() - interval '2 minutes' - CASE l."window"
  WHEN 'minute' THEN interval '1 minute'
  WHEN 'hour' THEN interval '1 hour'
  WHEN 'day' THEN interval '26 hours'
  WHEN 'week' THEN interval '8 days'
  WHEN 'month' THEN interval '32 days'
  ELSE interval '93 days'
END;
RESET ROLE;
REVOKE CREATE ON SCHEMA public FROM tollgate_directory;
