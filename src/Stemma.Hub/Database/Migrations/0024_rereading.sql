-- Files are read again when readers change: what is read by which version, batches that read again, and what came out differently.

-- How original keys become terms of the vocabulary has a version of its own. Until now it was counted with the reader's.
alter table extractions add column mapping_version text not null default '1';

-- Of a set only the reading that is shown is kept: what changed is kept as a difference. Those before went unseen already.
delete from artifacts a using extractions e, file_sets s where e.id = a.extraction_id and s.id = e.file_set_id and s.extraction_id is distinct from e.id;
delete from images i using file_sets s where s.id = i.file_set_id and s.extraction_id is distinct from i.extraction_id;
delete from extractions e using file_sets s where s.id = e.file_set_id and s.extraction_id is distinct from e.id;
-- Counted without looking at a table: rows of extractions are wide.
create index extractions_by_version on extractions (format, reader_version, mapping_version);

-- What no reader could read. Apart from file_sets: an index over `reading` would make every claim and result write all indexes of the set.
create table unread_file_sets (
    file_set_id  uuid primary key references file_sets on delete cascade,
    reading      text not null check (reading in ('no_reader', 'failed')),
    generation   integer                               -- the readers that were tried last; null: some that did not announce themselves
);
insert into unread_file_sets (file_set_id, reading) select id, reading from file_sets where reading in ('no_reader', 'failed') and purged_at is null;

-- Each time a worker came with newer readers than those known, a number. A worker that says this number gets files to read again.
create table reader_generations (
    number            integer primary key generated always as identity,
    id                uuid not null unique,
    software_version  text not null,
    worker            text not null,
    announced_at      timestamptz not null default now()
);

-- The newest readers, as announced.
create table readers (
    format           text primary key,
    name             text not null,
    reader_version   text not null,
    mapping_version  text not null,
    changed_at       timestamptz not null default now()
);

-- A batch. It walks through file sets by id, a slice at a time, so that a restart costs nothing and a million sets cost no more memory than a hundred.
--   running ⇄ paused;  running → ended;  running | paused → cancelled.
create table rereadings (
    id           uuid primary key,
    cause        text not null check (cause in ('upgrade', 'asked')),
    choice       text not null check (choice in ('outdated', 'unread', 'all')),
    format       text,                                 -- null: all
    node_id      uuid references nodes,                -- what is in it; null: everywhere
    state        text not null default 'running' check (state in ('running', 'paused', 'ended', 'cancelled')),
    last_id      uuid not null default '00000000-0000-0000-0000-000000000000',   -- sets up to this one were looked at
    until_id     uuid not null,                        -- sets that came later are read by the present readers anyhow
    planned      bigint not null,
    same         bigint not null default 0,
    changed      bigint not null default 0,
    newly_read   bigint not null default 0,
    failed       bigint not null default 0,            -- read before, and not by the present readers: what was read before is shown on
    unreadable   bigint not null default 0,            -- neither before nor now
    overtaken    bigint not null default 0,            -- read otherwise, or thrown away, meanwhile
    started_by   uuid not null references principals,
    started_at   timestamptz not null default now(),
    ended_at     timestamptz,
    version      bigint not null default 1
);
create index rereadings_listed on rereadings (started_at desc, id desc);
create index rereadings_open on rereadings (id) where state in ('running', 'paused');

-- A set that is, or was, read again. Of those that came out the same only the number is kept.
create table rereading_files (
    id            uuid primary key,
    rereading_id  uuid references rereadings,          -- null: somebody had this one set read again
    file_set_id   uuid not null references file_sets on delete cascade,
    outcome       text not null default 'waiting' check (outcome in ('waiting', 'same', 'changed', 'newly_read', 'failed', 'unreadable', 'overtaken')),
    note          text,                                -- why it failed
    before        jsonb,                               -- format, formatName, readerVersion, mappingVersion, softwareVersion
    after         jsonb,
    changes       jsonb not null default '[]',         -- the first hundred: {key, image, before, after}
    change_count  integer not null default 0,
    keys          text[] not null default '{}',        -- of the first hundred
    at            timestamptz not null default now(),
    is_counted    boolean not null default false,
    unique (rereading_id, file_set_id)
);
create index rereading_files_uncounted on rereading_files (rereading_id) where not is_counted;
create index rereading_files_of_set on rereading_files (file_set_id, id);
create index rereading_files_by_outcome on rereading_files (rereading_id, outcome, file_set_id) where is_counted;
create index rereading_files_by_key on rereading_files using gin (keys) where keys <> '{}';

-- In how many files a key came out differently, with the first one met.
create table rereading_keys (
    rereading_id  uuid not null references rereadings,
    key           text not null,
    change        text not null check (change in ('added', 'removed', 'changed')),
    files         bigint not null,
    file_set_id   uuid not null,
    before        text,
    after         text,
    primary key (rereading_id, key, change)
);
create index rereading_keys_listed on rereading_keys (rereading_id, files desc, key, change);
