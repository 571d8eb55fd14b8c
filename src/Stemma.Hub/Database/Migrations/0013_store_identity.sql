-- The one data folder whose blobs this catalog speaks of: the identity in its store.id, and where a hub last started on it.
-- A hub with another folder would acknowledge files that this catalog's folder does not have: it refuses to start.

create table store (
    only_one    boolean primary key default true check (only_one),
    id          uuid not null,
    folder      text not null,
    host        text not null,
    started_at  timestamptz not null default now()
);
