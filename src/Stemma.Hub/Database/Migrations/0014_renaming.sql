-- Files are renamed: what a deposit planned to replace may be called something else by now, in the same set. Stands after begin_deposit, which gave the lock.
create function require_path(file uuid, planned text) returns void volatile language plpgsql as $$
begin
    perform from files where id = file and path = planned;
    if not found then
        raise exception 'the file that was to be replaced has another path by now' using errcode = 'ST001';
    end if;
end
$$;
