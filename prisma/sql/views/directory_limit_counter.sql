-- Counters whose window may be open, or has just ended by another clock. These are the longest possible windows.
-- owner: tollgate_directory
CREATE OR REPLACE VIEW directory_limit_counter AS
SELECT c.org_id, c.limit_id, c.subject, c.window_start, c.settled
FROM limit_counter AS c JOIN usage_limit AS l ON l.org_id = c.org_id AND l.id = c.limit_id
WHERE l."window" = 'total' OR c.window_start > now() - interval '2 minutes' - CASE l."window"
  WHEN 'minute' THEN interval '1 minute'
  WHEN 'hour' THEN interval '1 hour'
  WHEN 'day' THEN interval '26 hours'
  WHEN 'week' THEN interval '8 days'
  WHEN 'month' THEN interval '32 days'
  ELSE interval '93 days'
END;
GRANT SELECT ON directory_limit_counter TO tollgate_proxy;
