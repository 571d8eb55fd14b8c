-- Where things live. Every node has one home; collections nest in projects without limit; datasets are terminal.
-- A space is a view: nodes placed in it stay at home.

create table nodes (
    id             uuid primary key,
    kind           text not null check (kind in ('project', 'collection', 'dataset', 'space')),
    parent_id      uuid references nodes,
    scope_id       uuid not null,                      -- nearest self-or-ancestor that has grants or placements of its own
    name           text not null check (length(name) between 1 and 255 and name !~ '[/\x01-\x1f]'),
    description    text not null default '' check (length(description) <= 100000),
    tags           text[] not null default '{}',
    licence        text,                               -- SPDX identifier or the owner's words; null: as the parent
    rights_holder  text,
    embargo_until  timestamptz,
    retain_until   timestamptz,                        -- a minimum keeping duty; not the trash's grace period
    legal_hold     boolean not null default false,
    is_demo        boolean not null default false,
    created_by     uuid not null references principals,
    created_at     timestamptz not null default now(),
    modified_at    timestamptz not null default now(),
    version        bigint not null default 1,
    trashed_at     timestamptz,
    trashed_by     uuid references principals,
    trash_id       uuid,                               -- what was thrown away together comes back together
    check ((kind in ('project', 'space')) = (parent_id is null)),
    check ((trashed_at is null) = (trash_id is null))
);
create unique index nodes_sibling_name on nodes (parent_id, name) where trashed_at is null and parent_id is not null;
create index nodes_roots on nodes (kind, name, id) where parent_id is null and trashed_at is null;
create index nodes_of_scope on nodes (scope_id);
create index nodes_trash on nodes (trash_id) where trash_id is not null;

-- The tree of nodes that carry grants. Access is resolved here, so that it costs what sharing costs, not what data costs.
create table scopes (
    id         uuid primary key references nodes deferrable initially deferred,
    parent_id  uuid references scopes deferrable initially deferred
);
create index scopes_children on scopes (parent_id);
alter table nodes add foreign key (scope_id) references scopes deferrable initially deferred;

-- Capabilities are bits: 1 see, 2 download, 4 add, 8 edit, 16 run, 32 manage.
create table grants (
    id            uuid primary key,
    node_id       uuid not null references nodes,
    principal_id  uuid not null references principals,
    capabilities  integer not null check (capabilities between 1 and 63),
    expires_at    timestamptz,
    granted_by    uuid not null references principals,
    created_at    timestamptz not null default now(),
    unique (node_id, principal_id)
);
create index grants_of_principal on grants (principal_id);

-- A node placed in a space: whoever has capabilities on the space has them on the node, as far as the placement grants them.
create table placements (
    space_id      uuid not null references nodes,
    node_id       uuid not null references nodes,
    capabilities  integer not null check (capabilities between 1 and 63),
    placed_by     uuid not null references principals,
    placed_at     timestamptz not null default now(),
    primary key (space_id, node_id)
);
create index placements_of_node on placements (node_id);

-- Guest links: a principal whoever holds the secret.
create table links (
    id          uuid primary key references principals,
    node_id     uuid not null references nodes,
    token_hash  bytea not null unique check (octet_length(token_hash) = 32),
    created_by  uuid not null references principals,
    created_at  timestamptz not null default now(),
    expires_at  timestamptz,
    revoked_at  timestamptz
);

-- The principals an actor speaks for: itself, its groups, everyone. A disabled account and an ended link speak for nobody.
create function principals_of(actor uuid) returns table (principal_id uuid) stable language sql as $$
    select '00000000-0000-7000-8000-000000000001'::uuid
    union all select a.id from accounts a where a.id = actor and a.disabled_at is null
    union all select m.group_id from group_members m join accounts a on a.id = m.account_id where m.account_id = actor and a.disabled_at is null
    union all select l.id from links l where l.id = actor and l.revoked_at is null and (l.expires_at is null or l.expires_at > now())
$$;

create function is_administrator(actor uuid) returns boolean stable language sql as $$
    select exists (select from accounts where id = actor and is_administrator and disabled_at is null)
$$;

-- What was granted to an actor, node by node, before inheritance: direct grants, and placements through spaces.
create function direct_capabilities(actor uuid) returns table (node_id uuid, capabilities integer) stable language sql as $$
    with mine as materialized (select principal_id from principals_of(actor)),
    direct as materialized (
        select g.node_id, bit_or(g.capabilities) as capabilities
        from grants g join mine using (principal_id)
        where g.expires_at is null or g.expires_at > now()
        group by g.node_id)
    select node_id, capabilities from direct
    union all
    select p.node_id, p.capabilities & d.capabilities
    from placements p join direct d on d.node_id = p.space_id
    join nodes s on s.id = p.space_id and s.trashed_at is null
    where p.capabilities & d.capabilities <> 0
$$;

-- Every scope on which the actor can do anything, with what. The mask is what the actor's credential allows at most.
create function scopes_of(actor uuid, mask integer) returns table (scope_id uuid, capabilities integer) stable language sql as $$
    with recursive reach(scope_id, capabilities) as (
        select node_id, capabilities from direct_capabilities(actor) where not is_administrator(actor)
        union all
        select s.id, 63 from scopes s where s.parent_id is null and is_administrator(actor)
        union all
        select s.id, r.capabilities from reach r join scopes s on s.parent_id = r.scope_id)
    select scope_id, bit_or(capabilities) & mask from reach group by scope_id having bit_or(capabilities) & mask <> 0
$$;

-- What the actor can do on one scope: its own grants and those of the scopes above.
create function capabilities_on(actor uuid, mask integer, scope uuid) returns integer stable language sql as $$
    with recursive up(id, parent_id) as (
        select s.id, s.parent_id from scopes s where s.id = scope
        union all
        select s.id, s.parent_id from up join scopes s on s.id = up.parent_id)
    select mask & case when is_administrator(actor) then 63
        else coalesce((select bit_or(d.capabilities) from up join direct_capabilities(actor) d on d.node_id = up.id), 0) end
$$;
