-- Lists of the newest first, at any place in them. The id last, as in file_sets_listed, so that the order is total.
create index file_sets_by_age on file_sets (dataset_id, created_at, id) where trashed_at is null;
