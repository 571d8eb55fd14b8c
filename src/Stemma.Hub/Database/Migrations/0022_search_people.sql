-- What people add to files and nodes is searched as well: what they marked in images, notes and comments, and the fields of their projects.

create function search_annotations_changed() returns trigger language plpgsql as $$
begin
    insert into search_changes (object_id, is_node) select distinct file_set_id, false from changed;
    return null;
end
$$;
create trigger search_insert after insert on annotations referencing new table as changed for each statement execute function search_annotations_changed();
create trigger search_update after update on annotations referencing new table as changed for each statement execute function search_annotations_changed();

create function search_remarks_changed() returns trigger language plpgsql as $$
begin
    insert into search_changes (object_id, is_node) select distinct object_id, object_kind = 'node' from changed;
    return null;
end
$$;
create trigger search_insert after insert on remarks referencing new table as changed for each statement execute function search_remarks_changed();
create trigger search_update after update on remarks referencing new table as changed for each statement execute function search_remarks_changed();

create function search_fields_changed() returns trigger language plpgsql as $$
begin
    insert into search_changes (object_id, is_node) select distinct object_id, object_kind <> 'file-set' from changed;
    return null;
end
$$;
create trigger search_insert after insert on field_values referencing new table as changed for each statement execute function search_fields_changed();
create trigger search_update after update on field_values referencing new table as changed for each statement execute function search_fields_changed();

-- What people wrote into the fields of an object, in words.
create function field_words(object uuid) returns table (name text, value text) stable language sql as $$
    select f.name, coalesce(v.text, v.number::text, v.date::text, p.name, v.link_url)
    from field_values v join fields f on f.id = v.field_id left join people p on p.id = v.person_id
    where v.object_id = object and v.ended_at is null and f.removed_at is null and coalesce(v.text, v.number::text, v.date::text, p.name, v.link_url) is not null
$$;
