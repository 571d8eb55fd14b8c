-- Several files are deposited in one transaction: what holds for all is asked once, the rest for all at a time. A single file is a list of one.
-- Arrays have one element for each file; a file's grouping keys are keys[key_from : key_to].

drop function plan_deposit, begin_deposit, require_path, file_set_for;

-- The set that a file arriving at a path joins: one that awaits it, else the first by its grouping keys (topmost folder first). None: it makes its own.
-- A query and not plpgsql, so that it becomes part of the query that asks it.
create function file_set_for(dataset uuid, arriving text, keys text[]) returns table (id uuid, grouping_key text) stable language sql as $$
    select j.id, j.grouping_key from (
        select s.id, s.grouping_key, 0 as rank from awaited_members a join file_sets s on s.id = a.file_set_id
        where a.dataset_id = dataset and a.path = arriving and s.trashed_at is null
        union all
        select s.id, s.grouping_key, array_position(keys, s.grouping_key) from file_sets s
        where s.dataset_id = dataset and s.grouping_key = any (keys) and s.trashed_at is null) j
    order by j.rank, j.id limit 1
$$;

-- What depositing files of one folder would do now: where the walk from a node down these names ends, and for each file what is at its path and which set it joins.
-- The walk ends at a dataset, or where names are missing. How much of the path became nodes decides the path in the dataset and the grouping keys:
-- for each file there are consumable + 1 paths, each with its keys, and the row's place counts files from 0.
create function plan_deposits(start uuid, actor uuid, mask integer, names text[], consumable integer, paths text[], key_from integer[], key_to integer[], keys text[])
returns table (
    place integer, node_id uuid, kind text, depth integer, capabilities integer, actor_name text,
    set_id uuid, set_key text, file_id uuid, file_version integer, file_sha256 bytea, file_set_id uuid, file_size bigint, file_is_stored boolean)
stable language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
    scope uuid;
    consumed integer;
begin
    with recursive walk(id, kind, scope_id, depth) as (
        select n.id, n.kind, n.scope_id, 0 from nodes n where n.id = start and n.trashed_at is null
        union all
        select n.id, n.kind, n.scope_id, w.depth + 1
        from walk w join nodes n on n.parent_id = w.id and n.name = names[w.depth + 1] and n.trashed_at is null
        where w.kind in ('project', 'collection'))
    select w.id, w.kind, w.depth, w.scope_id into node_id, kind, depth, scope from walk w order by w.depth desc limit 1;
    if node_id is null then
        return;
    end if;
    capabilities := capabilities_on(actor, mask, scope);
    actor_name := (select p.name from principal_names p where p.id = actor);
    consumed := least(depth, consumable);
    if kind <> 'dataset' then
        for nth in 0 .. cardinality(paths) / (consumable + 1) - 1 loop
            place := nth;
            return next;
        end loop;
    else
        return query
            select ((a.nth - 1) / (consumable + 1))::integer, plan_deposits.node_id, plan_deposits.kind, plan_deposits.depth, plan_deposits.capabilities, plan_deposits.actor_name,
                s.id, s.grouping_key, f.id, f.version, f.sha256, f.file_set_id, f.size, f.blob_sha256 is not null
            from unnest(paths, key_from, key_to) with ordinality as a(path, first_key, last_key, nth)
            left join lateral file_set_for(plan_deposits.node_id, a.path, keys[a.first_key : a.last_key]) s on true
            left join lateral (
                select c.id, c.version, c.sha256, c.file_set_id, c.size, c.blob_sha256
                from files c where c.dataset_id = plan_deposits.node_id and c.path = a.path and c.is_current limit 1) f on true
            where (a.nth - 1) % (consumable + 1) = consumed;
    end if;
end
$$;

-- First statement of a deposit's transaction, for each dataset. Raises ST001 when the plan no longer holds, ST002 when bytes relied upon have no row.
-- Volatile: each statement in it sees what was committed before the locks were given.
-- Of several datasets only the first is waited for: who throws away or moves nodes takes them in an order of its own. ST001 or 55P03 then: each goes by itself.
create function begin_deposits(
    actor uuid, mask integer, dataset uuid, waits boolean, paths text[], key_from integer[], key_to integer[], keys text[], joins uuid[], replaces uuid[],
    digests bytea[], lengths bigint[], relied boolean[])
returns void volatile language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
    changed integer;
begin
    -- The lock of the row keeps the dataset from being trashed until the deposit is there to be trashed with it.
    if waits then
        perform share_grouping(dataset);
        perform from nodes where id = dataset and kind = 'dataset' and trashed_at is null for share;
    else
        if not pg_try_advisory_xact_lock_shared(hashtextextended('grouping ' || dataset, 0)) then
            raise exception 'the dataset is being gathered' using errcode = 'ST001';
        end if;
        perform from nodes where id = dataset and kind = 'dataset' and trashed_at is null for share nowait;
    end if;
    if not found or (select capabilities_on(actor, mask, scope_id) & 5 <> 5 from nodes where id = dataset) then
        raise exception 'the dataset is gone, or the access to it' using errcode = 'ST001';
    end if;
    perform from unnest(paths, key_from, key_to, joins) as a(path, first_key, last_key, joined)
    where a.joined is distinct from (select s.id from file_set_for(dataset, a.path, keys[a.first_key : a.last_key]) s);
    if found then
        raise exception 'a file belongs to another set by now' using errcode = 'ST001';
    end if;
    -- In one order, so that two who deposit the same bytes do not wait for each other.
    insert into blobs (sha256, size)
    select distinct on (a.digest) a.digest, a.length from unnest(digests, lengths, relied) as a(digest, length, relied)
    where a.digest is not null and not a.relied order by a.digest on conflict (sha256) do nothing;
    -- Shared: many may deposit the same bytes at once; removal, which locks for update, waits for them.
    perform from blobs where sha256 = any (digests) order by sha256 for key share;
    get diagnostics changed = row_count;
    if changed < (select count(distinct d) from unnest(digests) d) then
        raise exception 'the bytes have no row' using errcode = 'ST002';
    end if;
    update blobs set removal_marked_at = null where sha256 = any (digests) and removal_marked_at is not null;
    -- Files are renamed: what was to be replaced may be called something else by now, in the same set.
    if num_nonnulls(variadic replaces) > 0 then
        update files f set is_current = false from unnest(replaces, paths) as a(id, path) where f.id = a.id and f.path = a.path and f.is_current;
        get diagnostics changed = row_count;
        if changed < num_nonnulls(variadic replaces) then
            raise exception 'another version came first' using errcode = 'ST001';
        end if;
    end if;
end
$$;
