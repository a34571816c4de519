-- Records of numbers that are known already are looked up one by one (`offset 0`): joined, they would be sought among
-- all of the register wherever the database has not counted its rows yet, as right after a large import.

-- :name by_words_now
select register, s.number, status, subject_id, subject_name, fields, lower(valid) as valid_from, upper(valid) - 1 as valid_to, granted,
       entry, f.score, count(*) over () as total
from registry.candidates(%(register)s, %(asked)s, %(filtered)s) f
cross join lateral (
  select * from registry.span s where s.register = %(register)s and s.number = f.number and upper_inf(s.recorded) offset 0) s
where valid @> %(on)s::date and (strpos(' ' || key || ' ', ' ' || f.words[1] || ' ') > 0 or string_to_array(key, ' ') && f.words)
  and (%(status)s::text is null or status = %(status)s) and (%(region)s::text is null or region = %(region)s)
  and (%(kind)s::text is null or kind = %(kind)s)
order by f.score desc, s.number offset %(start)s limit %(limit)s

-- :name by_words_known
select register, s.number, status, subject_id, subject_name, fields, lower(valid) as valid_from, upper(valid) - 1 as valid_to, granted,
       entry, f.score, count(*) over () as total
from registry.candidates(%(register)s, %(asked)s, %(filtered)s) f
cross join lateral (
  select * from registry.span s where s.register = %(register)s and s.number = f.number and s.recorded @> %(known)s::timestamptz offset 0) s
where valid @> %(on)s::date and (strpos(' ' || key || ' ', ' ' || f.words[1] || ' ') > 0 or string_to_array(key, ' ') && f.words)
  and (%(status)s::text is null or status = %(status)s) and (%(region)s::text is null or region = %(region)s)
  and (%(kind)s::text is null or kind = %(kind)s)
order by f.score desc, s.number offset %(start)s limit %(limit)s

-- :name by_part_now
select register, s.number, status, subject_id, subject_name, fields, lower(valid) as valid_from, upper(valid) - 1 as valid_to, granted,
       entry, 1::numeric as score
from (select distinct number from registry.sought
      where register = %(register)s and number ilike '%%' || %(like)s || '%%' order by number) n
cross join lateral (
  select * from registry.span s where s.register = %(register)s and s.number = n.number and upper_inf(s.recorded) offset 0) s
where valid @> %(on)s::date
  and (%(status)s::text is null or status = %(status)s) and (%(region)s::text is null or region = %(region)s)
  and (%(kind)s::text is null or kind = %(kind)s)
order by n.number limit %(limit)s

-- :name by_part_known
select register, s.number, status, subject_id, subject_name, fields, lower(valid) as valid_from, upper(valid) - 1 as valid_to, granted,
       entry, 1::numeric as score
from (select distinct number from registry.sought
      where register = %(register)s and number ilike '%%' || %(like)s || '%%' order by number) n
cross join lateral (
  select * from registry.span s where s.register = %(register)s and s.number = n.number and s.recorded @> %(known)s::timestamptz offset 0) s
where valid @> %(on)s::date
  and (%(status)s::text is null or status = %(status)s) and (%(region)s::text is null or region = %(region)s)
  and (%(kind)s::text is null or kind = %(kind)s)
order by n.number limit %(limit)s

-- :name found_now
select register, s.number, status, subject_id, subject_name, fields, lower(valid) as valid_from, upper(valid) - 1 as valid_to, granted,
       entry, f.score
from unnest(%(numbers)s::text[], %(scores)s::numeric[]) f(number, score)
cross join lateral (
  select * from registry.span s where s.register = %(register)s and s.number = f.number and upper_inf(s.recorded) offset 0) s
where valid @> %(on)s::date
  and (%(status)s::text is null or status = %(status)s) and (%(region)s::text is null or region = %(region)s)
  and (%(kind)s::text is null or kind = %(kind)s)
order by f.score desc, s.number limit %(limit)s

-- :name found_known
select register, s.number, status, subject_id, subject_name, fields, lower(valid) as valid_from, upper(valid) - 1 as valid_to, granted,
       entry, f.score
from unnest(%(numbers)s::text[], %(scores)s::numeric[]) f(number, score)
cross join lateral (
  select * from registry.span s where s.register = %(register)s and s.number = f.number and s.recorded @> %(known)s::timestamptz offset 0) s
where valid @> %(on)s::date
  and (%(status)s::text is null or status = %(status)s) and (%(region)s::text is null or region = %(region)s)
  and (%(kind)s::text is null or kind = %(kind)s)
order by f.score desc, s.number limit %(limit)s

-- :name of_subject_now
select register, number, status, subject_id, subject_name, fields, lower(valid) as valid_from, upper(valid) - 1 as valid_to, granted, entry
from registry.span
where register = %(register)s and subject_id = %(q)s and upper_inf(recorded) and valid @> %(on)s::date
  and (%(status)s::text is null or status = %(status)s) and (%(region)s::text is null or region = %(region)s)
  and (%(kind)s::text is null or kind = %(kind)s)
order by number limit %(limit)s

-- :name of_subject_known
select register, number, status, subject_id, subject_name, fields, lower(valid) as valid_from, upper(valid) - 1 as valid_to, granted, entry
from registry.span
where register = %(register)s and subject_id = %(q)s and recorded @> %(known)s::timestamptz and valid @> %(on)s::date
  and (%(status)s::text is null or status = %(status)s) and (%(region)s::text is null or region = %(region)s)
  and (%(kind)s::text is null or kind = %(kind)s)
order by number limit %(limit)s
