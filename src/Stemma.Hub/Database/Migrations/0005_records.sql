-- What happened. Written in the transaction of the change it describes; never changed.
-- The body is canonical JSON (RFC 8785) in bytes, since jsonb would reorder it. The ledger numbers leaves later (leaf_index).

create table events (
    id               uuid primary key,
    object_id        uuid not null,
    object_kind      text not null,
    object_sequence  bigint not null,                  -- 1, 2, 3 … per object, without gaps
    type             text not null,                    -- node.created, file.deposited, grant.given …
    schema_version   integer not null default 1,
    actor_id         uuid not null,                    -- opaque; personal data is in accounts and people
    occurred_at      timestamptz not null,
    body             bytea not null,
    salt             bytea not null check (octet_length(salt) = 16),
    leaf_digest      bytea not null check (octet_length(leaf_digest) = 32),   -- SHA-256(salt ‖ body)
    leaf_index       bigint,
    unique (object_id, object_sequence)
);
create index events_unsequenced on events (occurred_at) where leaf_index is null;

-- Which objects an event is part of the history of (a file's deposit belongs to its dataset's page as well).
create table event_objects (
    object_id  uuid not null,
    event_id   uuid not null references events,
    primary key (object_id, event_id)
);

-- The last number given per object; locking this row orders the changes of one object.
create table object_sequences (
    object_id  uuid primary key,
    last       bigint not null
);
