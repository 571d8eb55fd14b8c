-- What lies in what, and what an actor sees of it, is kept by the hub between requests, with the snapshot it was read in. It holds until a transaction that may have changed it and that the snapshot did not see
-- has committed: each leaves its number here. A row for each, so that nobody waits for anybody.
create table access_changes (transaction xid8 primary key default pg_current_xact_id());

create function access_changed() returns trigger language plpgsql as $$
begin
    insert into access_changes default values on conflict do nothing;
    return null;
end
$$;
create trigger access_changed after insert or update or delete on grants for each statement execute function access_changed();
create trigger access_changed after insert or update or delete on placements for each statement execute function access_changed();
create trigger access_changed after insert or update or delete on scopes for each statement execute function access_changed();
create trigger access_changed after insert or update or delete on group_members for each statement execute function access_changed();
create trigger access_changed after update or delete on links for each statement execute function access_changed();
create trigger access_changed after update of is_administrator, disabled_at or delete on accounts for each statement execute function access_changed();
create trigger access_changed after update of kind, scope_id, parent_id, trashed_at or delete on nodes for each statement execute function access_changed();

-- What is empty is of no account.
create function access_changed_by_dataset() returns trigger language plpgsql as $$
begin
    insert into access_changes select pg_current_xact_id() where exists (select from added where kind = 'dataset') on conflict do nothing;
    return null;
end
$$;
create trigger access_changed_by_dataset after insert on nodes referencing new table as added for each statement execute function access_changed_by_dataset();

-- Whether what was read in a snapshot still holds, in that of the caller.
create function access_is_as_in(kept pg_snapshot) returns boolean stable language sql as $$
    select not exists (select from access_changes where transaction >= pg_snapshot_xmin(kept) and not pg_visible_in_snapshot(transaction, kept))
$$;

-- Words of documents, once each, plain: a word that is asked for by its beginning is spelled out. Asked as a beginning, an index of words reads all rows of all of them, however few of
-- those have the other words; asked as words, it passes over what the rarest does not have. Words that begin with a digit are without end, and not in it. None is taken out again.
create table search_words (word text collate "C" primary key);
insert into search_words
select distinct substring(w.lexeme from '[^/]*$') from search_documents d cross join lateral unnest(d.words) w where w.lexeme !~ '=' and w.lexeme !~ '(^|/)[0-9][^/]*$';

-- What most files have is looked up in the row: 1 acquisition, 2 calibration, 4 date, 8 image, 16 original metadata, 32 preview.
alter table search_documents add column features integer not null generated always as (
    case when words @@ '''has=acquisition''' then 1 else 0 end | case when words @@ '''has=calibration''' then 2 else 0 end | case when words @@ '''has=date''' then 4 else 0 end
    | case when words @@ '''has=image''' then 8 else 0 end | case when words @@ '''has=original''' then 16 else 0 end | case when words @@ '''has=preview''' then 32 else 0 end) stored;

-- How often words and values occur, of more of them than usual: of the others the planner thinks that they are one in two hundred.
alter table search_documents alter words set statistics 500;

-- Places by their names, in any case.
create index nodes_called on nodes (lower(name)) where trashed_at is null;
