-- A plan that a connection keeps is made when it is first asked, which may be on an empty table: reading all of it is right then, and was still done 4,000 files
-- later (0.65 ms per call, growing with the dataset; with the index 0.02 ms whatever its size). These functions find rows by keys only: they never read a table whole.

alter function file_set_for set enable_seqscan = off;
alter function plan_deposit set enable_seqscan = off;
alter function begin_deposit set enable_seqscan = off;
alter function capabilities_on set enable_seqscan = off;
