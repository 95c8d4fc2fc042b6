-- Ingest updates the rows of the current minute, hour, day and window again and again. With room on its page, an updated row stays
-- there and no index changes. New pages get the room; nothing is rewritten, and reads and writes go on.
ALTER TABLE usage_minute SET (fillfactor = 80);
ALTER TABLE usage_hour SET (fillfactor = 80);
ALTER TABLE usage_day SET (fillfactor = 80);
ALTER TABLE usage_group SET (fillfactor = 80);
ALTER TABLE usage_latency SET (fillfactor = 80);
ALTER TABLE usage_attribution_hour SET (fillfactor = 80);
ALTER TABLE usage_attribution_day SET (fillfactor = 80);
ALTER TABLE limit_counter SET (fillfactor = 80);
