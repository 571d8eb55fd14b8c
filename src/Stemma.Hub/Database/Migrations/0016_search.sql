-- What the search box looks through. Everything here is derived from the tables before it and can be made again (search_changes starts it anew).
-- Access is not in it: a document knows its dataset only, and a query names the datasets that the actor sees. So sharing costs nothing here.

alter table nodes add column number integer generated always as identity;      -- a short id
create unique index nodes_number on nodes (number);

-- Values that are counted beside results, once each: instrument → Tecnai Osiris.
create table search_values (
    code    integer primary key generated always as identity,
    field   text not null,
    value   text not null,                             -- as first met
    folded  text not null,                             -- as compared: lower case, without accents
    words   tsvector not null,
    unique (field, folded)
);
create index search_values_words on search_values using gin (words) with (fastupdate = off);

-- How often a value stands in a dataset: what is suggested while typing is what the actor may see.
create table search_dataset_values (
    dataset integer not null,
    code    integer not null,
    count   integer not null,
    primary key (dataset, code)
);
create index search_dataset_values_of_code on search_dataset_values (code, dataset);

-- Paths of original metadata, once each: lexemes say o12=jlau. A path is known to those who see a dataset of a project that has it.
create table search_keys (
    number  integer primary key generated always as identity,
    path    text not null,                             -- as first met: ImageTags.Tecnai.User
    folded  text not null unique
);
create table search_project_keys (
    project integer not null,
    key     integer not null,
    primary key (project, key)
);

-- One row for each file set. Narrow, since counting reads many: the words lie apart (toast_tuple_target).
-- words holds the lexemes  word:1  n/word (in the name)  term/word  term=whole value  o12=value  tag=…  has=…
create table search_documents (
    number       integer primary key generated always as identity,
    file_set_id  uuid not null unique,
    dataset      integer not null,
    added_by     uuid not null,
    added_at     timestamptz not null,
    acquired_at  timestamptz,                          -- as the instrument's clock says; taken as UTC where the zone is not known
    newest       timestamptz not null,                 -- acquired_at, else added_at: the order of results
    size         bigint not null,
    format integer, kind integer, instrument integer, instrument_manufacturer integer, instrument_identifier integer, beam_type integer, detector integer,
    operator integer, specimen integer, imaging_mode integer, signal_type integer, software integer,
    tags         integer[],
    accelerating_voltage float8, nominal_magnification float8, camera_length float8, pixel_size float8, pixel_size_y float8, exposure_time float8, dwell_time float8,
    frame_time float8, working_distance float8, horizontal_field_width float8, beam_current float8, emission_current float8, spot_size float8, defocus float8,
    convergence_angle float8, collection_angle float8, spherical_aberration float8, stage_x float8, stage_y float8, stage_z float8, stage_tilt_alpha float8,
    stage_tilt_beta float8, stage_rotation float8, scan_rotation float8, tilt_axis_angle float8, energy_dispersion float8, energy_loss_offset float8,
    elevation_angle float8, live_time float8, real_time float8, electron_dose float8, chamber_pressure float8, specimen_temperature float8,
    objective_magnification float8, numerical_aperture float8, excitation_wavelength float8, emission_wavelength float8,
    name         text not null,
    words        tsvector not null
) with (toast_tuple_target = 128);
alter table search_documents alter words set storage external;                 -- out of the row, and not compressed: phrases look into it
create index search_documents_words on search_documents using gin (words);
create index search_documents_newest on search_documents (newest desc, number desc);
create index search_documents_dataset on search_documents (dataset);
create index search_documents_added on search_documents (added_at);
create index search_documents_acquired on search_documents (acquired_at) where acquired_at is not null;
create index search_documents_size on search_documents (size);
do $$
declare
    field text;
begin
    for field in select attname from pg_attribute where attrelid = 'search_documents'::regclass and atttypid = 'float8'::regtype loop
        execute format('create index search_documents_%1$s on search_documents (%1$s) where %1$s is not null', field);
    end loop;
end
$$;

-- Numbers of the original metadata, for ranges over any key: looked through, not indexed.
create table search_numbers (
    number  integer primary key,                       -- of the document
    keys    integer[] not null,
    vals    float8[] not null
);

-- Words of nodes: name, description, tags. They count for the files below, as far as the actor sees the node: the query walks down, nothing is copied down.
create table search_places (
    number   integer primary key,
    node_id  uuid not null unique,
    project  integer not null,
    tags     integer[],
    words    tsvector not null
);
create index search_places_words on search_places using gin (words) with (fastupdate = off);
create index search_places_tagged on search_places (number) where tags <> '{}';

-- What changed and waits to be taken in. Appended in the transaction of the change: no key, so that nobody waits for anybody.
create table search_changes (
    id         bigint primary key generated always as identity,
    object_id  uuid not null,
    is_node    boolean not null
);

create function search_file_set_changed() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into search_changes (object_id, is_node) select id, false from changed;
    else
        insert into search_changes (object_id, is_node)
        select c.id, false from changed c join before b using (id)
        where (c.dataset_id, c.name, c.tags, c.extraction_id, c.size, c.reading in ('no_reader', 'failed'), c.trashed_at is null) is distinct from
              (b.dataset_id, b.name, b.tags, b.extraction_id, b.size, b.reading in ('no_reader', 'failed'), b.trashed_at is null);
    end if;
    return null;
end
$$;
create trigger search_insert after insert on file_sets referencing new table as changed for each statement execute function search_file_set_changed();
create trigger search_update after update on file_sets referencing new table as changed old table as before for each statement execute function search_file_set_changed();

create function search_node_changed() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into search_changes (object_id, is_node) select id, true from changed;
    else
        insert into search_changes (object_id, is_node)
        select c.id, true from changed c join before b using (id)
        where (c.parent_id, c.name, c.description, c.tags, c.trashed_at is null) is distinct from (b.parent_id, b.name, b.description, b.tags, b.trashed_at is null);
    end if;
    return null;
end
$$;
create trigger search_insert after insert on nodes referencing new table as changed for each statement execute function search_node_changed();
create trigger search_update after update on nodes referencing new table as changed old table as before for each statement execute function search_node_changed();

-- What is here already.
insert into search_changes (object_id, is_node) select id, true from nodes where parent_id is null and trashed_at is null;
insert into search_changes (object_id, is_node) select id, false from file_sets where trashed_at is null;

-- Searches worth keeping: one's own, or shared with a project. The query and the view are what the address bar holds.
create table saved_searches (
    id          uuid primary key,
    owner_id    uuid not null references accounts,
    project_id  uuid references nodes,                 -- whoever sees it sees the search; null: the owner only
    name        text not null check (length(name) between 1 and 255),
    query       text not null check (length(query) <= 2000),
    view        text not null default '' check (length(view) <= 2000),
    created_at  timestamptz not null default now(),
    version     bigint not null default 1
);
create index saved_searches_of_owner on saved_searches (owner_id);
create index saved_searches_of_project on saved_searches (project_id) where project_id is not null;
