-- :name add
insert into registry.proposal(id, register, number, on_day, source, file_name, file_sha256, line, row, verdict, differs, made_at, office,
                              made_by, corrects)
values (%(id)s, %(register)s, %(number)s, %(on_day)s, %(source)s, %(file_name)s, %(file_sha256)s, %(line)s, %(row)s, %(verdict)s,
        %(differs)s, %(at)s, %(office)s, %(by)s, %(corrects)s)

-- :name open
select p.id, register, number, on_day, source, file_name, file_sha256, line, row, verdict, differs, made_at, p.office, made_by, corrects
from registry.proposal p left join registry.settled s on s.proposal = p.id
where (%(register)s::text is null or register = %(register)s) and verdict <> 'same' and s.proposal is null
  and (made_at < %(made)s::timestamptz
    or made_at = %(made)s::timestamptz and (register, number, p.id) > (%(of)s::text, %(about)s::text, %(id)s::uuid))
order by made_at desc, register, number, p.id limit %(limit)s

-- :name one
select id, register, number, on_day, source, file_name, file_sha256, line, row, verdict, differs, made_at, office, made_by, corrects
from registry.proposal where id = %(id)s

-- :name settled
select decision from registry.settled where proposal = %(id)s

-- :name settle
insert into registry.settled(proposal, decision, entry, by_account, reason, at, office)
values (%(id)s, %(decision)s, %(entry)s, %(by)s, %(reason)s, %(at)s, %(office)s)
