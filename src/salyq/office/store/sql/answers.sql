-- :name lock
select pg_advisory_xact_lock(hashtextextended(%(what)s, 731))

-- :name find
select digest, status, body from store.answer where who = %(who)s and key = %(key)s

-- :name keep
insert into store.answer(who, key, digest, status, body, at)
values (%(who)s, %(key)s, %(digest)s, %(status)s, %(body)s, %(at)s)
