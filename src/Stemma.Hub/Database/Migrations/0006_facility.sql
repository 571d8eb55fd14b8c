-- Instruments, sittings at them, samples.

create table instruments (
    id            uuid primary key,
    name          text not null check (length(name) between 1 and 255),
    identifier    text,
    manufacturer  text,
    model         text,
    aliases       text[] not null default '{}',        -- as files name it
    detectors     jsonb not null default '[]',         -- [{name, kind}]
    created_at    timestamptz not null default now(),
    version       bigint not null default 1
);

-- Software, clock and calibration over time: [from, until) each.
create table instrument_history (
    id             uuid primary key,
    instrument_id  uuid not null references instruments,
    aspect         text not null check (aspect in ('software', 'clock', 'calibration')),
    valid_from     timestamptz not null,
    body           jsonb not null                      -- software: {name, version}; clock: {offsetSeconds, zone}; calibration: {…}
);

-- One sitting at an instrument.
create table sessions (
    id             uuid primary key,
    instrument_id  uuid not null references instruments,
    name           text not null default '',
    started_at     timestamptz,
    ended_at       timestamptz,
    reservation    jsonb,
    created_at     timestamptz not null default now(),
    version        bigint not null default 1,
    check (ended_at is null or started_at is null or ended_at >= started_at)
);
create table session_people (
    session_id uuid not null references sessions,
    person_id  uuid not null references people,
    primary key (session_id, person_id)
);
create table session_file_sets (
    session_id  uuid not null references sessions,
    file_set_id uuid not null references file_sets,
    primary key (session_id, file_set_id)
);

create table samples (
    id           uuid primary key,
    project_id   uuid not null references nodes,       -- who may see it: whoever sees the project
    name         text not null check (length(name) between 1 and 255),
    description  text not null default '',
    properties   jsonb not null default '{}',
    preparation  jsonb not null default '[]',          -- [{step, when, by, note}]
    created_at   timestamptz not null default now(),
    version      bigint not null default 1
);
create table sample_parents (
    sample_id uuid not null references samples,
    parent_id uuid not null references samples,
    primary key (sample_id, parent_id),
    check (sample_id <> parent_id)
);
create table sample_file_sets (
    sample_id   uuid not null references samples,
    file_set_id uuid not null references file_sets,
    primary key (sample_id, file_set_id)
);
