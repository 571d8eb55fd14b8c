-- Texts with the metadata beside files that stay on a share, so that the search of the machine that has the share finds them.

-- Which projects want them; no row: never asked for.
create table project_sidecars (
    project_id  uuid primary key references nodes,
    kept        boolean not null,
    origin      text not null,                         -- https://hub.example: where the pages are, as the person who decided reached the hub
    changed_by  uuid not null references principals,
    changed_at  timestamptz not null,
    version     bigint not null default 1
);

-- Whether the hub may write into a source's folder: never, unless an administrator says so.
alter table harvest_sources add column sidecars boolean not null default false;

-- Texts of ours that a scan meets are noted, so that they are looked into once, and never taken.
alter table harvest_entries drop constraint harvest_entries_state_check;
alter table harvest_entries add constraint harvest_entries_state_check check (state in ('growing', 'taken', 'unchanged', 'failed', 'moved', 'gone', 'sidecar'));

-- The text of one linked file: where it stands, and what we wrote there. Written in steps: digest noted in writing_sha256, file renamed into place, digest moved to sha256.
-- A file at that place with any other digest is somebody else's. The row outlives the link, until the text is gone.
create table sidecars (
    file_id         uuid primary key references files,
    project_id      uuid not null references nodes,    -- for whom it was written
    root            text not null,
    path            text not null,                     -- of the text, beneath the root
    state           text not null check (state in ('written', 'failed', 'foreign', 'withheld')),
    problem         text,                              -- why it is not as it should be
    sha256          bytea check (octet_length(sha256) = 32),
    writing_sha256  bytea check (octet_length(writing_sha256) = 32),
    written_at      timestamptz,
    attempts        integer not null default 0,
    retry_at        timestamptz,
    check ((state = 'written') = (problem is null))
);
create unique index sidecars_place on sidecars (root, path) where sha256 is not null or writing_sha256 is not null;
create index sidecars_of_project on sidecars (project_id, state);
create index sidecars_retried on sidecars (retry_at) where retry_at is not null;

-- What changed and waits. As in search_changes, appended without a key: nobody waits for anybody. Filled only while some project keeps texts.
create table sidecar_changes (
    id         bigint primary key generated always as identity,
    object_id  uuid not null,
    is_node    boolean not null
);

create function sidecars_wanted() returns boolean stable language sql as $$
    select exists (select from project_sidecars where kept)
$$;

-- What is searched is what the text says: tags, names, descriptions, fields, annotations, what reading gave; also moves and the trash.
create function sidecar_search_changed() returns trigger language plpgsql as $$
begin
    if sidecars_wanted() then
        insert into sidecar_changes (object_id, is_node) select distinct object_id, is_node from changed;
    end if;
    return null;
end
$$;
create trigger sidecar_insert after insert on search_changes referencing new table as changed for each statement execute function sidecar_search_changed();

create function sidecar_link_changed() returns trigger language plpgsql as $$
begin
    if sidecars_wanted() then
        insert into sidecar_changes (object_id, is_node) select distinct f.file_set_id, false from changed c join files f on f.id = c.file_id;
    end if;
    return null;
end
$$;
create trigger sidecar_insert after insert on linked_files referencing new table as changed for each statement execute function sidecar_link_changed();
create trigger sidecar_delete after delete on linked_files referencing old table as changed for each statement execute function sidecar_link_changed();

create function sidecar_row_changed() returns trigger language plpgsql as $$
begin
    if sidecars_wanted() then
        insert into sidecar_changes (object_id, is_node)
        values (case when tg_table_name = 'linked_files' then (select f.file_set_id from files f where f.id = (to_jsonb(new)->>'file_id')::uuid) else (to_jsonb(new)->>'id')::uuid end, tg_table_name = 'nodes');
    end if;
    return null;
end
$$;
create trigger sidecar_moved after update of root, path, modified_at, state on linked_files for each row
    when ((old.root, old.path, old.modified_at, old.state) is distinct from (new.root, new.path, new.modified_at, new.state)) execute function sidecar_row_changed();
create trigger sidecar_terms after update of licence, rights_holder, embargo_until on nodes for each row
    when ((old.licence, old.rights_holder, old.embargo_until) is distinct from (new.licence, new.rights_holder, new.embargo_until)) execute function sidecar_row_changed();
create trigger sidecar_terms after update of licence, rights_holder, embargo_until on file_sets for each row
    when ((old.licence, old.rights_holder, old.embargo_until) is distinct from (new.licence, new.rights_holder, new.embargo_until)) execute function sidecar_row_changed();

-- The switch itself, also when it is turned off: then what stands there is removed.
create function sidecar_switched() returns trigger language plpgsql as $$
begin
    insert into sidecar_changes (object_id, is_node) values (new.project_id, true);
    return null;
end
$$;
create trigger sidecar_switched after insert or update on project_sidecars for each row execute function sidecar_switched();

-- What an administrator allows concerns every project that keeps texts.
create function sidecar_permission_changed() returns trigger language plpgsql as $$
begin
    insert into sidecar_changes (object_id, is_node) select project_id, true from project_sidecars where kept;
    return null;
end
$$;
create trigger sidecar_insert after insert on harvest_sources for each row when (new.sidecars) execute function sidecar_permission_changed();
create trigger sidecar_update after update of sidecars, folder on harvest_sources for each row
    when ((old.sidecars, old.folder) is distinct from (new.sidecars, new.folder)) execute function sidecar_permission_changed();
create trigger sidecar_delete after delete on harvest_sources for each row when (old.sidecars) execute function sidecar_permission_changed();
