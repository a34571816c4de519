-- :name lock_head
select size, last_at from store.head for update

-- :name head
select size, last_at from store.head

-- :name move_head
update store.head set size = %(size)s, last_at = %(last_at)s

-- :name nodes
-- Place by place through the index (offset 0 keeps it so): the planner would read the whole tree for a few thousand places.
select p.level, p.n, k.hash from unnest(%(levels)s::smallint[], %(places)s::bigint[]) p(level, n)
cross join lateral (select hash from store.node k where k.level = p.level and k.n = p.n offset 0) k

-- :name nodes_between
select n, hash from store.node where level = %(level)s::smallint and n >= %(first)s and n < %(end)s order by n

-- :name add_entry
insert into store.entry(position, kind, stream, public, office, organisation, recorded_at, body, leaf)
values (%(position)s, %(kind)s, %(stream)s, %(public)s, %(office)s, %(organisation)s, %(recorded_at)s, %(body)s, %(leaf)s)

-- :name add_nodes
insert into store.node(level, n, hash) select * from unnest(%(levels)s::smallint[], %(places)s::bigint[], %(hashes)s::bytea[])

-- :name add_sealed
insert into store.sealed(position, name, salt, value, office, organisation)
values (%(position)s, %(name)s, %(salt)s, %(value)s, %(office)s, %(organisation)s)

-- :name sealed_of
select name, salt, value from store.sealed where position = %(position)s order by name

-- :name entry
select position, kind, stream, public, recorded_at, body, leaf from store.entry where position = %(position)s

-- :name after
select n as position, hash as leaf, e.kind, e.stream, e.recorded_at, e.body
from store.node left join store.entry e on e.position = n
where level = 0 and n > %(after)s order by n limit %(limit)s

-- :name stream
select position, kind, stream, public, recorded_at, body, leaf from store.entry where stream = %(stream)s order by position

-- :name of_kind
select position, kind, stream, public, recorded_at, body, leaf from store.entry where kind = %(kind)s and position < %(before)s order by position desc limit %(limit)s

-- :name checkpoint
select size, root, note, made_at from store.checkpoint order by size desc limit 1

-- :name add_checkpoint
insert into store.checkpoint(size, root, note, made_at) values (%(size)s, %(root)s, %(note)s, %(made_at)s)
on conflict (size) do nothing

-- :name checkpoints
select size, root, note, made_at from store.checkpoint order by size

-- :name all_entries
select position, recorded_at, body, leaf from store.entry order by position

-- :name all_nodes
select level, n, hash from store.node order by level, n

-- :name all_sealed
select s.position, s.name, s.salt, s.value, e.doc -> 'sealed' ->> s.name as hash
from store.sealed s join store.entry e using (position) order by s.position, s.name

-- :name log_now
select size, pg_current_xact_id_if_assigned() is null as unwritten from store.head
