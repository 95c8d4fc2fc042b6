-- A key in use is updated about once a minute: its last use. With room on its page, the updated row stays there and none of the
-- table's eight indexes changes. New pages get the room; nothing is rewritten, and reads and writes go on.
SET lock_timeout = '5s';
ALTER TABLE virtual_key SET (fillfactor = 90);
RESET lock_timeout;
