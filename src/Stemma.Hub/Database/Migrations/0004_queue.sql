-- Work for workers, in any language, over HTTP. A task is inserted in the same transaction as the data it needs.
--   queued → running → succeeded | failed | cancelled;  running → queued again when its lease runs out or its reader dies, until max_attempts.
-- Completion is fenced by the attempt number: exactly one is accepted.

create table tasks (
    id            uuid primary key,
    kind          text not null,                       -- extract, unpack
    subject_id    uuid not null,                       -- extract: file set; unpack: file
    state         text not null default 'queued' check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    priority      smallint not null default 0,         -- higher first
    payload       jsonb not null default '{}',
    attempt       integer not null default 0,
    max_attempts  integer not null default 3,
    run_after     timestamptz not null default now(),
    lease_until   timestamptz,
    worker        text,
    progress      real,
    note          text,                                -- last line of progress, or the reason of the failure
    created_by    uuid not null references principals,
    created_at    timestamptz not null default now(),
    started_at    timestamptz,
    finished_at   timestamptz
);
create index tasks_next on tasks (priority desc, run_after, id) where state = 'queued';
create index tasks_leases on tasks (lease_until) where state = 'running';
create unique index tasks_one_waiting on tasks (kind, subject_id) where state = 'queued';
create unique index tasks_one_running on tasks (kind, subject_id) where state = 'running';
create index tasks_of_subject on tasks (subject_id);
