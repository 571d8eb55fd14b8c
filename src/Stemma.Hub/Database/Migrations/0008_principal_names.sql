-- What principals are called, now. Records keep ids only; names are looked up when they are read.

create view principal_names as
select p.id, p.kind,
       case p.kind when 'account' then coalesce(person.name, a.login) when 'group' then g.name when 'link' then 'Guest link' else 'Everyone' end as name
from principals p
left join accounts a on a.id = p.id
left join people person on person.id = a.person_id
left join groups g on g.id = p.id;
