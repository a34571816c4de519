-- :name add
insert into cases.case(id, owner, subject, name, made_at) values (%(id)s, %(owner)s, %(subject)s, %(name)s, %(at)s)

-- :name change
insert into cases.change("case", n, kind, name, sha256, bytes, text, at)
select %(case)s, coalesce(max(n), 0) + 1, %(kind)s, %(name)s, %(sha256)s, %(bytes)s, %(text)s, %(at)s
from cases.change where "case" = %(case)s

-- :name one
select id, owner, subject, name, made_at from cases.case where id = %(id)s

-- :name lock
select pg_advisory_xact_lock(hashtextextended(%(id)s::text, 0))

-- :name listed
select id, owner, subject, name, made_at from cases.case order by made_at desc, id limit 200

-- :name changes
select n, kind, name, sha256, bytes, text, at from cases.change where "case" = %(case)s order by n
