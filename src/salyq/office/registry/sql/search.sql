-- :name near
select a.n::int as n, v.word, greatest(word_similarity(a.word, v.word), similarity(a.word, v.word))::numeric(6, 5) as score
from unnest(%(words)s::text[]) with ordinality a(word, n), lateral (
  select word from registry.vocabulary where register = %(register)s and bones = registry.bones(a.word)
  union
  select word from registry.vocabulary
  where register = %(register)s and length(registry.bones(a.word)) >= 3
    and bones >= registry.bones(a.word) and bones < registry.bones(a.word) || U&'\FFFF'
  union
  select word from registry.vocabulary
  where register = %(register)s and length(a.word) >= 2 and word >= a.word collate "C" and word < a.word || U&'\FFFF' collate "C"
) v
order by n, score desc, word

-- :name alike
select a.n::int as n, v.word, word_similarity(a.word, v.word)::numeric(6, 5) as score
from unnest(%(words)s::text[]) with ordinality a(word, n)
join registry.vocabulary v on v.word %%> a.word and v.register = %(register)s
where a.n = any(%(only)s::int[])
order by n, score desc, word

-- :name how_many
select w.n, (select count(*) from (
  select 1 from registry.word p where p.register = %(register)s
    and p.word in (select x.word from unnest(%(words)s::text[], %(places)s::int[]) x(word, n) where x.n = w.n) limit %(most)s) c)::int as count
from (select distinct unnest(%(places)s::int[]) as n) w order by 2, 1

-- :name with_every
select number from registry.word where register = %(register)s
  and word in (select x.word from unnest(%(words)s::text[], %(places)s::int[]) x(word, n) where x.n = %(first)s)
intersect
select number from registry.word where register = %(register)s
  and word in (select x.word from unnest(%(words)s::text[], %(places)s::int[]) x(word, n) where x.n = %(second)s)
order by number limit %(most)s

-- :name with_any
select distinct number from registry.word where register = %(register)s
  and word in (select x.word from unnest(%(words)s::text[], %(places)s::int[]) x(word, n) where x.n = any(%(chosen)s::int[]))
order by number limit %(most)s

-- :name with_word
select number from registry.word where register = %(register)s and word = %(word)s order by number limit %(most)s

-- :name scored
with asked as (select * from unnest(%(words)s::text[], %(places)s::int[], %(scores)s::numeric[]) a(word, n, score)),
hit as (
  select p.number, a.n, max(a.score) as score
  from unnest(%(numbers)s::text[]) c(number)
  join registry.word p on p.register = %(register)s and p.number = c.number
  join asked a on a.word = p.word
  group by 1, 2
)
select number, (sum(score) / %(asked)s)::numeric(6, 5) as score from hit group by number order by score desc, number limit %(most)s

-- :name numbers_like
select distinct number from registry.sought
where register = %(register)s and number ilike '%%' || %(like)s || '%%' order by number limit %(most)s

-- :name found_now
select register, s.number, status, subject_id, subject_name, fields, lower(valid) as valid_from, upper(valid) - 1 as valid_to, granted,
       entry, f.score
from unnest(%(numbers)s::text[], %(scores)s::numeric[]) f(number, score)
join registry.span s on s.register = %(register)s and s.number = f.number and upper_inf(s.recorded)
where valid @> %(on)s::date and (%(words)s::text[] is null or string_to_array(key, ' ') && %(words)s::text[])
  and (%(status)s::text is null or status = %(status)s) and (%(region)s::text is null or region = %(region)s)
  and (%(kind)s::text is null or kind = %(kind)s)
order by f.score desc, s.number limit %(limit)s

-- :name found_known
select register, s.number, status, subject_id, subject_name, fields, lower(valid) as valid_from, upper(valid) - 1 as valid_to, granted,
       entry, f.score
from unnest(%(numbers)s::text[], %(scores)s::numeric[]) f(number, score)
join registry.span s on s.register = %(register)s and s.number = f.number and s.recorded @> %(known)s::timestamptz
where valid @> %(on)s::date and (%(words)s::text[] is null or string_to_array(key, ' ') && %(words)s::text[])
  and (%(status)s::text is null or status = %(status)s) and (%(region)s::text is null or region = %(region)s)
  and (%(kind)s::text is null or kind = %(kind)s)
order by f.score desc, s.number limit %(limit)s

-- :name of_subject_now
select register, number, status, subject_id, subject_name, fields, lower(valid) as valid_from, upper(valid) - 1 as valid_to, granted, entry
from registry.span
where register = %(register)s and subject_id = %(q)s and upper_inf(recorded) and recorded @> %(known)s::timestamptz and valid @> %(on)s::date
  and (%(status)s::text is null or status = %(status)s) and (%(region)s::text is null or region = %(region)s)
  and (%(kind)s::text is null or kind = %(kind)s)
order by number limit %(limit)s

-- :name set_similarity
select set_config('pg_trgm.word_similarity_threshold', %(threshold)s, true)
