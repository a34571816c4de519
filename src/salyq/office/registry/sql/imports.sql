-- :name add
insert into registry.proposal(id, register, number, on_day, source, file_name, file_sha256, line, row, verdict, differs, made_at, office)
values (%(id)s, %(register)s, %(number)s, %(on_day)s, %(source)s, %(file_name)s, %(file_sha256)s, %(line)s, %(row)s, %(verdict)s,
        %(differs)s, %(at)s, %(office)s)

-- :name open
select id, register, number, on_day, source, file_name, line, row, verdict, differs, made_at from registry.proposal
where (%(register)s::text is null or register = %(register)s) and verdict in ('new', 'differs', 'missing')
order by made_at desc, register, number limit 200
