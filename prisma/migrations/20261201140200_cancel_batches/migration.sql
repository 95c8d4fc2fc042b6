-- When somebody asked to cancel a batch; the next poll tells the provider. Rows of earlier versions have none.
ALTER TABLE batch ADD COLUMN cancel_asked_at TIMESTAMPTZ(6);
GRANT UPDATE (cancel_asked_at, next_poll_at) ON batch TO tollgate_control;
