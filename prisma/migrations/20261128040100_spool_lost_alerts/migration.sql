-- Channels that hear of the ledger's own trouble hear of lost usage records too. Forced row security hides rows even from
-- their owner, so it is lifted for this statement.
ALTER TABLE channel NO FORCE ROW LEVEL SECURITY;
UPDATE channel SET events = array_append(events, 'spool_lost')
WHERE 'books' = ANY (events) AND NOT 'spool_lost' = ANY (events);
ALTER TABLE channel FORCE ROW LEVEL SECURITY;
