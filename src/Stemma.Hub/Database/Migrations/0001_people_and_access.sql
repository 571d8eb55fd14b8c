-- Who may act, and on what.
-- A principal is whatever a grant can name. Ids are opaque (UUIDv7): events name principals by id only,
-- so that a person's data can be erased here without touching a record.

create table principals (
    id          uuid primary key,
    kind        text not null check (kind in ('account', 'group', 'link', 'everyone')),
    created_at  timestamptz not null default now()
);

-- Anybody, signed in or not.
insert into principals (id, kind) values ('00000000-0000-7000-8000-000000000001', 'everyone');

-- A person is not an account: people may have left before the hub came, and are never deleted (their data can be erased).
create table people (
    id          uuid primary key,
    name        text not null check (length(name) between 1 and 255),
    email       text,
    orcid       text check (orcid ~ '^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$'),
    aliases     text[] not null default '{}',          -- as instruments write them: JLAU
    left_on     date,
    created_at  timestamptz not null default now(),
    version     bigint not null default 1
);

create table accounts (
    id               uuid primary key references principals,
    person_id        uuid references people,           -- null for service accounts
    login            text not null check (login ~ '^[^\s@:/]{1,64}$'),
    password_hash    text,                             -- null: cannot sign in with a password
    is_administrator boolean not null default false,
    is_service       boolean not null default false,
    failed_attempts  integer not null default 0,
    locked_until     timestamptz,
    disabled_at      timestamptz,
    created_at       timestamptz not null default now(),
    version          bigint not null default 1
);
create unique index accounts_login on accounts (lower(login));

create table groups (
    id          uuid primary key references principals,
    name        text not null unique check (length(name) between 1 and 255),
    created_at  timestamptz not null default now(),
    version     bigint not null default 1
);

create table group_members (
    group_id    uuid not null references groups,
    account_id  uuid not null references accounts,
    added_at    timestamptz not null default now(),
    primary key (group_id, account_id)
);
create index group_members_of_account on group_members (account_id);

-- A browser that is signed in. (A session, in this house, is a sitting at an instrument.)
create table sign_ins (
    token_hash   bytea primary key check (octet_length(token_hash) = 32),
    account_id   uuid not null references accounts,
    user_agent   text,
    created_at   timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    expires_at   timestamptz not null
);
create index sign_ins_of_account on sign_ins (account_id);

-- Personal access tokens for programs: shown once, kept as a digest.
-- Scopes: read (see, download), write (also add, edit, run), manage (everything the account may), work (claim tasks; nothing else).
create table access_tokens (
    id           uuid primary key,
    account_id   uuid not null references accounts,
    name         text not null check (length(name) between 1 and 255),
    token_hash   bytea not null unique check (octet_length(token_hash) = 32),
    scope        text not null check (scope in ('read', 'write', 'manage', 'work')),
    created_at   timestamptz not null default now(),
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz
);
create index access_tokens_of_account on access_tokens (account_id);
