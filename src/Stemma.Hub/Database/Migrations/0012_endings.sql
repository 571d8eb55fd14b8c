-- What ends: the trash after its grace period, and stored bytes that nothing refers to.

-- A tombstone stays for good: what it was called, where it was, who made it and who threw it away, and the digests of its files. Its content goes.
-- From purged_at on it cannot be put back.
alter table nodes add column purged_at timestamptz check (purged_at is null or trashed_at is not null);
alter table file_sets add column purged_at timestamptz check (purged_at is null or trashed_at is not null);
create index nodes_ending on nodes (trashed_at, id) where trashed_at is not null and purged_at is null;
create index file_sets_ending on file_sets (trashed_at, id) where trashed_at is not null and purged_at is null;
create index file_sets_bound on file_sets (dataset_id) where legal_hold or retain_until is not null;

-- Datasets and file sets whose end is decided and recorded, and whose content goes in pieces. A crash leaves the row, and the rest goes later.
create table clearings (
    object_id   uuid primary key,
    decided_at  timestamptz not null default now()
);

-- Whether artifacts name some bytes.
create index artifacts_by_digest on artifacts (sha256);

-- What a node and all above it say about keeping: holds, and the latest keeping duty.
create function duties_above(node uuid) returns table (legal_hold boolean, retain_until timestamptz) stable language sql as $$
    with recursive up(parent_id, legal_hold, retain_until) as (
        select n.parent_id, n.legal_hold, n.retain_until from nodes n where n.id = node
        union all
        select n.parent_id, n.legal_hold, n.retain_until from up join nodes n on n.id = up.parent_id)
    select bool_or(up.legal_hold), max(up.retain_until) from up
$$;

-- Whether a hold or a keeping duty binds a node: its own, one of those above, or one of anything in it, in the trash or not.
create function must_be_kept(node uuid, at timestamptz) returns boolean stable language sql as $$
    with recursive down(id, legal_hold, retain_until) as (
        select n.id, n.legal_hold, n.retain_until from nodes n where n.id = node
        union all
        select c.id, c.legal_hold, c.retain_until from down join nodes c on c.parent_id = down.id)
    select exists (select from duties_above(node) a where a.legal_hold or a.retain_until > at)
        or exists (select from down where down.legal_hold or down.retain_until > at)
        or exists (select from file_sets f where f.dataset_id in (select down.id from down) and (f.legal_hold or f.retain_until is not null) and (f.legal_hold or f.retain_until > at))
$$;
