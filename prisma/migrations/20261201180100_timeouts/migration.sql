-- Times of a model or target in milliseconds, by name (`contracts/timeouts`). Null: those of the gateway's settings.
SET LOCAL lock_timeout = '3s';
ALTER TABLE model ADD COLUMN timeouts JSONB;
ALTER TABLE target ADD COLUMN timeouts JSONB;
