-- Metadata by people: fields that a project defines in templates, and what people wrote into them.

create table field_templates (
    id          uuid primary key,
    project_id  uuid not null references nodes,
    name        text not null check (length(name) between 1 and 255),
    applies_to  text[] not null check (cardinality(applies_to) > 0 and applies_to <@ array['project', 'collection', 'dataset', 'file-set']),
    position    integer not null,
    created_at  timestamptz not null default now(),
    version     bigint not null default 1,
    removed_at  timestamptz                            -- removed ones stay: earlier values tell what they were
);
create unique index field_templates_name on field_templates (project_id, lower(name)) where removed_at is null;

create table fields (
    id           uuid primary key,
    template_id  uuid not null references field_templates,
    project_id   uuid not null references nodes,       -- as the template's: names are unique in a project
    name         text not null check (length(name) between 1 and 255),
    type         text not null check (type in ('text', 'number', 'date', 'choice', 'person', 'link')),
    unit         text,                                 -- of numbers; null: a plain number
    choices      text[] not null default '{}',
    required     boolean not null default false,       -- asked for where it is missing; nothing is refused for want of it
    help         text not null default '' check (length(help) <= 1000),
    position     integer not null,
    removed_at   timestamptz,
    check (unit is null or type = 'number'),
    check ((type = 'choice') = (cardinality(choices) > 0))
);
create unique index fields_name on fields (project_id, lower(name)) where removed_at is null;
create index fields_of_template on fields (template_id, position);

-- A value held from set_at to ended_at; the one without an end holds now. Rows are added and ended, and never changed otherwise,
-- so that their number and the number of ends together tell the version of an object's values.
create table field_values (
    id           uuid primary key,
    object_id    uuid not null,                        -- of a node or a file set
    object_kind  text not null check (object_kind in ('project', 'collection', 'dataset', 'file-set')),
    field_id     uuid not null references fields,
    text         text check (length(text) <= 10000),   -- text and choice; a number as it was written
    number       double precision,                     -- in the field's unit
    number_si    double precision,                     -- in the SI base unit
    date         date,
    person_id    uuid references people,
    link_kind    text check (link_kind in ('node', 'file-set', 'sample', 'session', 'url')),
    link_id      uuid,
    link_url     text check (length(link_url) <= 2000),
    set_by       uuid not null references principals,
    set_at       timestamptz not null,
    ended_by     uuid references principals,
    ended_at     timestamptz,
    check ((link_kind is null) = (link_id is null and link_url is null)),
    check (coalesce(text, number::text, date::text, person_id::text, link_kind) is not null)
);
create unique index field_values_current on field_values (object_id, field_id) where ended_at is null;
create index field_values_history on field_values (object_id, field_id, set_at);
create index field_values_of_field on field_values (field_id);
create index field_values_by_number on field_values (field_id, number_si) where ended_at is null and number_si is not null;
create index field_values_by_date on field_values (field_id, date) where ended_at is null and date is not null;
create index field_values_by_person on field_values (person_id) where ended_at is null and person_id is not null;
create index field_values_by_link on field_values (link_id) where ended_at is null and link_id is not null;
