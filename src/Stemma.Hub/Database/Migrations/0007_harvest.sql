-- Folders of read-only shares that the hub watches.

create table harvest_sources (
    id              uuid primary key,
    name            text not null check (length(name) between 1 and 255),
    folder          text not null,                     -- beneath a root the administrator allows
    node_id         uuid not null references nodes,    -- where files go
    levels          integer not null default 1 check (levels between 0 and 16),
    dataset         text not null default 'Files',     -- takes files in no folder
    mode            text not null default 'copy' check (mode in ('copy', 'link')),
    include         text[] not null default '{}',      -- globs; empty: everything
    exclude         text[] not null default '{}',
    stable_seconds  integer not null default 10 check (stable_seconds between 0 and 86400),
    poll_seconds    integer not null default 60 check (poll_seconds between 1 and 86400),
    paused          boolean not null default false,
    created_by      uuid not null references principals,
    created_at      timestamptz not null default now(),
    last_scan_at    timestamptz,                       -- when a scan last went through to its end
    last_problem    text,                              -- why it could not be scanned, or what a scan left out
    taking_problem  text,                              -- why nothing can be taken: the destination is gone, the storage full
    -- Which folder it was: a share that is not mounted leaves another one in its place.
    root_device     text,
    root_inode      bigint,
    version         bigint not null default 1
);

-- Everything ever seen in a source. A file is taken once: by path, size and time first, by digest when these differ (renamed, touched).
--   growing → taken (its bytes came in) | unchanged (touched: the same bytes as before) | failed → tried again at retry_at;
--   any → growing when size or time differ; any → gone when it is not there any more; gone → moved when its bytes turn up under another path.
-- What was taken stays in the hub in every case: file_id and sha256 are those of the last time it was taken.
create table harvest_entries (
    source_id     uuid not null references harvest_sources on delete cascade,
    path          text not null,
    folder        text not null generated always as (case when position('/' in path) = 0 then '' else regexp_replace(path, '/[^/]*$', '') end) stored,
    size          bigint not null,
    modified_at   timestamptz not null,
    state         text not null check (state in ('growing', 'taken', 'unchanged', 'failed', 'moved', 'gone')),
    sha256        bytea check (octet_length(sha256) = 32),
    file_id       uuid references files,
    moved_to      text,
    problem       text,                                -- why it failed, or why it still waits
    attempts      integer not null default 0,
    retry_at      timestamptz,
    first_seen_at timestamptz not null,
    changed_at    timestamptz not null,                -- when we last saw size or time differ, by our own clock; for gone and moved: when we missed it
    taken_at      timestamptz,
    primary key (source_id, path),
    check ((state = 'failed') = (retry_at is not null)),
    check ((state = 'moved') = (moved_to is not null))
);
create index harvest_entries_by_digest on harvest_entries (source_id, sha256) where sha256 is not null;
create index harvest_entries_listed on harvest_entries (source_id, state, path);
create index harvest_entries_waiting on harvest_entries (source_id, changed_at) where state = 'growing';
create index harvest_entries_retried on harvest_entries (source_id, retry_at) where state = 'failed';
create index harvest_entries_present on harvest_entries (source_id, folder, path) where state not in ('gone', 'moved');
create index harvest_entries_of_file on harvest_entries (file_id) where file_id is not null;
