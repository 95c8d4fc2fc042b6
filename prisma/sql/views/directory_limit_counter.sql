-- Counters whose window may be open, or has just ended by another clock. These are the longest possible windows. The index by limit and
-- window serves it.
-- owner: tollgate_directory
CREATE OR REPLACE VIEW directory_limit_counter AS
SELECT c.org_id, c.limit_id, c.subject, c.window_start, c.settled
FROM limit_counter AS c JOIN usage_limit AS l ON l.org_id = c.org_id AND l.id = c.limit_id
WHERE c.window_start > CASE l."window"
  WHEN 'total' THEN '-infinity'::timestamptz
  WHEN 'minute' THEN now() - interval '3 minutes'
  WHEN 'hour' THEN now() - interval '1 hour 2 minutes'
  WHEN 'day' THEN now() - interval '26 hours 2 minutes'
  WHEN 'week' THEN now() - interval '8 days 2 minutes'
  WHEN 'month' THEN now() - interval '32 days 2 minutes'
  ELSE now() - interval '93 days 2 minutes'
END;
GRANT SELECT ON directory_limit_counter TO tollgate_proxy;
