-- Depositing: plan, then commit what was planned. The plan is read before the bytes arrive; the commit, one batch in one transaction,
-- begins by checking that the plan still holds. If it does not, the plan is read again.

alter table uploads add column levels integer not null default 1 check (levels between 0 and 16);
alter table uploads add column dataset_name text not null default 'Files';
create index uploads_expiring on uploads (expires_at);

-- The set that a file arriving at a path joins: one that awaits it, else the first by its grouping keys (topmost folder first); null: it makes its own.
create function file_set_for(dataset uuid, arriving text, keys text[]) returns uuid stable language sql as $$
    select id from (
        select s.id, 0 as rank from awaited_members a join file_sets s on s.id = a.file_set_id
        where a.dataset_id = dataset and a.path = arriving and s.trashed_at is null
        union all
        select s.id, array_position(keys, s.grouping_key) from file_sets s
        where s.dataset_id = dataset and s.grouping_key = any (keys) and s.trashed_at is null) joinable
    order by rank, id limit 1
$$;

-- Files join sets side by side; whoever gathers files of other sets, or awaits some, waits for those and keeps new ones waiting.
create function share_grouping(dataset uuid) returns void volatile language sql as $$
    select pg_advisory_xact_lock_shared(hashtextextended('grouping ' || dataset, 0))
$$;
create function own_grouping(dataset uuid) returns void volatile language sql as $$
    select pg_advisory_xact_lock(hashtextextended('grouping ' || dataset, 0))
$$;

-- First statement of a deposit's transaction. Raises ST001 when the plan no longer holds, ST002 when bytes relied upon have no row.
-- Volatile: each statement in it sees what was committed before the locks were given.
create function begin_deposit(actor uuid, mask integer, dataset uuid, arriving text, keys text[], joins uuid, replaces uuid, digest bytea, length bigint, relied boolean)
returns void volatile language plpgsql as $$
begin
    perform share_grouping(dataset);
    -- The lock keeps the dataset from being trashed until the deposit is there to be trashed with it.
    perform from nodes where id = dataset and kind = 'dataset' and trashed_at is null for share;
    if not found or (select capabilities_on(actor, mask, scope_id) & 5 <> 5 from nodes where id = dataset) then
        raise exception 'the dataset is gone, or the access to it' using errcode = 'ST001';
    end if;
    if joins is distinct from file_set_for(dataset, arriving, keys) then
        raise exception 'the file belongs to another set by now' using errcode = 'ST001';
    end if;
    if digest is not null then
        if not relied then
            insert into blobs (sha256, size) values (digest, length) on conflict (sha256) do nothing;
        end if;
        -- Shared: many may deposit the same bytes at once; removal, which locks for update, waits for them.
        perform from blobs where sha256 = digest for key share;
        if not found then
            raise exception 'the bytes have no row' using errcode = 'ST002';
        end if;
        update blobs set removal_marked_at = null where sha256 = digest and removal_marked_at is not null;
    end if;
    if replaces is not null then
        update files set is_current = false where id = replaces and is_current;
        if not found then
            raise exception 'another version came first' using errcode = 'ST001';
        end if;
    end if;
end
$$;
