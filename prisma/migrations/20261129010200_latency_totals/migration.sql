-- Totals also have the latency histograms of a day and month. The job sums all days that are over again.
UPDATE usage_kept SET since = to_timestamp(0) WHERE name = 'usage_total_open';
