-- Whether a request whose content a provider refuses is sent to the model's next target. The default needs no rewrite of the table.
SET LOCAL lock_timeout = '3s';
ALTER TABLE model ADD COLUMN falls_back_on_refusal BOOLEAN NOT NULL DEFAULT false;
