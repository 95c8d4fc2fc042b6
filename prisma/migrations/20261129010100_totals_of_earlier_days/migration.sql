-- The job sums all days that are over, also where an early build of it has already left earlier days out.
UPDATE usage_kept SET since = to_timestamp(0) WHERE name = 'usage_total_open';
