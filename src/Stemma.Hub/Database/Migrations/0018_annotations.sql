-- Features inside images: what a person marked, where, and what they call it.

-- It refers to the file set and the image's index in it, not to the row of the image: reading the files again makes new rows of images, and what was marked stays.
-- Search asks label, tags and note by file set; what was removed (removed_at) is not found.
create table annotations (
    id           uuid primary key,
    sequence     bigint not null generated always as identity,   -- the order in which they were made; key of the pages of a list
    file_set_id  uuid not null references file_sets,
    image_index  integer not null check (image_index >= 0),
    kind         text not null check (kind in ('point', 'line', 'polyline', 'box', 'ellipse', 'polygon')),
    -- x, y, x, y … in pixels of the full image: x to the right, y down, (0, 0) the outer corner of the first pixel, whose centre is (0.5, 0.5).
    -- Of a box, and of the box around an ellipse, two corners: the least x and y, then the greatest.
    points       double precision[] not null check (cardinality(points) >= 2 and cardinality(points) % 2 = 0),
    plane        jsonb,                                          -- {name of an axis: index on it}; null, or an axis left out: on all of them
    label        text not null default '',
    tags         text[] not null default '{}',
    note         text not null default '',
    created_by   uuid not null references principals,
    created_at   timestamptz not null,
    modified_at  timestamptz not null,
    version      bigint not null default 1,
    removed_at   timestamptz,
    removal_id   uuid,                                           -- what was removed together comes back together
    check ((removed_at is null) = (removal_id is null))
);
create index annotations_of_image on annotations (file_set_id, image_index, sequence) where removed_at is null;
create index annotations_removed on annotations (removal_id) where removal_id is not null;
create index annotations_ending on annotations (removed_at) where removed_at is not null;
