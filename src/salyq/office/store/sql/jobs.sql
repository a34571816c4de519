-- :name put
insert into store.job(kind, args, key, due_at) values (%(kind)s, %(args)s, %(key)s, %(due_at)s)
on conflict (key) do nothing

-- :name take
select id, kind, args, tries, due_at from store.job
where done_at is null and failed is null and due_at <= %(until)s and kind = any(%(kinds)s)
order by due_at, id for update skip locked limit 1

-- :name next_due
select min(due_at) from store.job where done_at is null and failed is null and kind = any(%(kinds)s)

-- :name done
update store.job set done_at = %(at)s where id = %(id)s

-- :name again
update store.job set tries = tries + 1, due_at = %(due_at)s, failed = %(failed)s where id = %(id)s

-- :name counts
select count(*) filter (where done_at is null and failed is null) as waiting,
       count(*) filter (where failed is not null) as failed, count(*) filter (where done_at is not null) as done
from store.job
