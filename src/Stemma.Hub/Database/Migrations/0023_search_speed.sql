-- A row's tags and name stay in it: with the table's small target they went out of it as the words do, and counting tags read each from there.
alter table search_documents alter tags set storage main, alter name set storage main;

-- Counting how often values occur reads many counts: from the index alone.
drop index search_dataset_values_of_code;
create index search_dataset_values_of_code on search_dataset_values (code, dataset) include (count);

-- How often a value occurs in all: what is suggested first. Counted often, so rows keep room for their next state.
alter table search_values add column count bigint not null default 0;
alter table search_values set (fillfactor = 70);
update search_values v set count = f.count from (select code, sum(count) as count from search_dataset_values group by code) f where f.code = v.code;

-- Looking into a row's words means fetching them from where they lie apart: the planner takes it for as cheap as comparing two numbers, and does it row by row where it could
-- intersect what two indexes say. In a database where the hub may not say so, searches of several words are slower.
do $$
begin
    alter function pg_catalog.ts_match_vq(tsvector, tsquery) cost 500;
exception when insufficient_privilege then
    null;
end
$$;

-- Documents that are there are written anew.
insert into search_changes (object_id, is_node) select file_set_id, false from search_documents;
