-- Bytes, the files that name them, the sets that are read together, and what reading gave.

-- A blob exists only by its row. Removal is: mark, wait, check again under the row's lock.
create table blobs (
    sha256      bytea primary key check (octet_length(sha256) = 32),
    size        bigint not null check (size >= 0),
    created_at  timestamptz not null default now(),
    removal_marked_at timestamptz
);

-- Licence, keeping duties and storage state belong to the set; null means: as the dataset.
create table file_sets (
    id             uuid primary key,
    dataset_id     uuid not null references nodes,
    name           text not null,                      -- path of the primary file within the dataset
    grouping_key   text not null,                      -- files with the same key are read together
    origin         text not null default 'raw' check (origin in ('raw', 'derived', 'rebuildable')),
    tags           text[] not null default '{}',
    licence        text,
    rights_holder  text,
    embargo_until  timestamptz,
    retain_until   timestamptz,
    legal_hold     boolean not null default false,
    storage_state  text not null default 'online' check (storage_state in ('online', 'archived', 'recalled')),
    -- waiting → reading → read | no_reader | failed; back to waiting when a member arrives.
    reading        text not null default 'waiting' check (reading in ('waiting', 'reading', 'read', 'no_reader', 'failed')),
    reading_note   text,                               -- the reason, in one line, for no_reader and failed
    membership     bigint not null default 1,          -- raised when members change; an extraction names the membership it read
    extraction_id  uuid,
    size           bigint not null default 0,
    created_at     timestamptz not null default now(),
    modified_at    timestamptz not null default now(),
    version        bigint not null default 1,
    trashed_at     timestamptz,
    trashed_by     uuid references principals,
    trash_id       uuid,
    check ((trashed_at is null) = (trash_id is null))
);
create unique index file_sets_grouping on file_sets (dataset_id, grouping_key) where trashed_at is null;
create index file_sets_listed on file_sets (dataset_id, name, id) where trashed_at is null;
create index file_sets_trash on file_sets (trash_id) where trash_id is not null;

-- A file is an immutable version of bytes: other bytes at the same path are a new version, and the old one stays.
create table files (
    id            uuid primary key,
    file_set_id   uuid not null references file_sets,
    dataset_id    uuid not null references nodes,
    path          text not null check (length(path) between 1 and 4096),
    version       integer not null default 1,
    is_current    boolean not null default true,
    role          text not null default 'part' check (role in ('primary', 'part', 'sidecar')),
    size          bigint not null check (size >= 0),
    sha256        bytea not null check (octet_length(sha256) = 32),
    blob_sha256   bytea references blobs,              -- null for a linked file
    media_type    text not null default 'application/octet-stream',
    modified_at   timestamptz,                         -- as the depositor's file system says
    deposited_by  uuid not null references principals,
    deposited_at  timestamptz not null default now(),
    deposited_via text not null check (deposited_via in ('upload', 'harvest', 'link', 'archive', 'demo', 'result')),
    check (blob_sha256 is null or blob_sha256 = sha256)
);
create unique index files_current_path on files (dataset_id, path) where is_current;
create index files_of_set on files (file_set_id);
create index files_by_digest on files (sha256);

-- A file that stays where it is, beneath a root an administrator named.
create table linked_files (
    file_id      uuid primary key references files,
    root         text not null,
    path         text not null,
    size         bigint not null,
    modified_at  timestamptz not null,
    inode        bigint not null,
    state        text not null default 'present' check (state in ('present', 'changed', 'moved', 'missing')),
    state_note   text,
    checked_at   timestamptz not null default now(),
    unique (root, path, file_id)
);

-- Companions a set's files speak of that are not here yet: whoever arrives under this path joins the set.
create table awaited_members (
    file_set_id  uuid not null references file_sets,
    dataset_id   uuid not null references nodes,
    path         text not null,
    primary key (file_set_id, path)
);
create index awaited_members_by_path on awaited_members (dataset_id, path);

create table extractions (
    id               uuid primary key,
    file_set_id      uuid not null references file_sets,
    membership       bigint not null,
    format           text not null,                    -- stable id of the format
    format_name      text not null,                    -- what a person reads, with the variant
    reader_version   text not null,
    software_version text not null,
    acquisition      jsonb not null,                   -- term → {value, unit, source}
    warnings         text[] not null default '{}',
    seconds          double precision not null,
    created_at       timestamptz not null default now()
);
create index extractions_of_set on extractions (file_set_id);
alter table file_sets add foreign key (extraction_id) references extractions deferrable initially deferred;

create table images (
    id             uuid primary key,
    extraction_id  uuid not null references extractions,
    file_set_id    uuid not null references file_sets,
    index          integer not null check (index >= 0),
    title          text,
    shape          bigint[] not null,                  -- array order, slowest first
    pixel_type     text not null,
    axes           jsonb not null,                     -- as in `stemma inspect`
    partial        text,                               -- what is missing, where the file holds fewer pixels than announced
    preview        jsonb,                              -- what the preview shows, its size, and source pixels per preview pixel
    unique (extraction_id, index)
);
create index images_of_set on images (file_set_id);

-- Derived, rebuildable bytes: thumbnails, previews, the original metadata tree. Kept in the artifact folder under their digest.
create table artifacts (
    extraction_id  uuid not null references extractions,
    name           text not null,                      -- thumbnail-0, preview-0, original
    media_type     text not null,
    sha256         bytea not null check (octet_length(sha256) = 32),
    size           bigint not null,
    primary key (extraction_id, name)
);

-- An upload under way. The bytes so far are in the incoming folder; its length is the offset.
create table uploads (
    id            uuid primary key,
    account_id    uuid not null references accounts,
    node_id       uuid not null references nodes,
    path          text not null,
    length        bigint not null check (length >= 0),
    sha256        bytea check (octet_length(sha256) = 32),
    modified_at   timestamptz,
    unpack        boolean not null default false,
    created_at    timestamptz not null default now(),
    expires_at    timestamptz not null,
    file_id       uuid references files                -- set when finished; kept until it expires so that a lost answer can be asked for again
);
create index uploads_of_account on uploads (account_id);
