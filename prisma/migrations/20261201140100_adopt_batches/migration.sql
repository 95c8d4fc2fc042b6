-- A provider may create a batch and not answer with its id. The worker stores the id when a proxy has found it.
GRANT UPDATE (provider_batch_id) ON batch TO tollgate_ingest;
