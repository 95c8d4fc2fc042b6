-- Usage that was put aside for want of a MAC leaves the quarantine when it comes again with one, and is booked.
GRANT SELECT (id), DELETE ON usage_quarantine TO tollgate_ingest;
