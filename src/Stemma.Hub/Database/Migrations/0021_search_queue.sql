-- Nodes are taken before files, and a batch is not to read all that waits: a million files that came at once are two thousand batches.
create index search_changes_of_nodes on search_changes (id) where is_node;
