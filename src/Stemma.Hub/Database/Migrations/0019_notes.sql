-- What people say of nodes and file sets, and what a project shows first of its files.

-- A note belongs to what is known of a thing, and whoever may edit the thing may edit it; a comment is somebody's own words, answered at most one level deep.
-- The words stand here and in remark_versions, not in events: records name their digest, and people can take their words back.
create table remarks (
    id           uuid primary key,
    object_id    uuid not null,                        -- of nodes or file_sets
    object_kind  text not null check (object_kind in ('node', 'file-set')),
    kind         text not null check (kind in ('note', 'comment')),
    reply_to     uuid references remarks on delete cascade,
    body         text not null check (length(body) between 1 and 100000),   -- Markdown
    created_by   uuid not null references principals,
    created_at   timestamptz not null,
    modified_by  uuid not null references principals,
    modified_at  timestamptz not null,
    version      bigint not null default 1,
    deleted_at   timestamptz,
    deleted_by   uuid references principals,
    check (kind = 'comment' or reply_to is null),
    check ((deleted_at is null) = (deleted_by is null))
);
create index remarks_of_object on remarks (object_id, kind, id);
create index remarks_replies on remarks (reply_to) where reply_to is not null;

-- Earlier texts; the present one is in remarks.
create table remark_versions (
    remark_id   uuid not null references remarks on delete cascade,
    version     bigint not null,
    body        text not null,
    written_by  uuid not null references principals,
    written_at  timestamptz not null,
    primary key (remark_id, version)
);

-- Which acquisition terms the page of a file shows first, in this order. The view of an instrument goes before that of a format, and both before that of all files.
create table metadata_views (
    id           uuid primary key,
    project_id   uuid not null references nodes,
    format       text,                                 -- stable id of a format
    instrument   text,                                 -- as files name it
    terms        text[] not null check (cardinality(terms) between 1 and 40),
    modified_by  uuid not null references principals,
    modified_at  timestamptz not null,
    version      bigint not null default 1,
    check (format is null or instrument is null),
    unique nulls not distinct (project_id, format, instrument)
);
