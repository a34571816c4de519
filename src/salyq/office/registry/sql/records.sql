-- :name entries_of
select position, recorded_at, doc, office from store.entry
where stream = any(%(streams)s) and kind = 'register' and recorded_at <= coalesce(%(known)s, 'infinity'::timestamptz)
order by position

-- :name open_spans
select id, register, number, lower(valid) as first, upper(valid) - 1 as last, status, subject_id, subject_name, granted, fields, entry
from registry.span where upper_inf(recorded) and (register, number) in (select * from unnest(%(registers)s::text[], %(numbers)s::text[]))

-- :name close_spans
update registry.span set recorded = tstzrange(lower(recorded), %(at)s) where id = any(%(ids)s)

-- :name add_span
insert into registry.span(register, number, valid, recorded, status, subject_id, subject_name, key, kind, region, granted,
                          fields, entry, public, office, organisation)
values (%(register)s, %(number)s, daterange(%(first)s, %(end)s), tstzrange(%(at)s, null), %(status)s, %(subject_id)s,
        %(subject_name)s, %(key)s, %(kind)s, %(region)s, %(granted)s, %(fields)s, %(entry)s, %(public)s, %(office)s, %(organisation)s)

-- :name record
select register, number, status, subject_id, subject_name, fields, lower(valid) as valid_from, upper(valid) - 1 as valid_to, granted, entry
from registry.span where register = %(register)s and number = %(number)s and valid @> %(on)s::date and recorded @> %(known)s::timestamptz

-- :name record_now
select register, number, status, subject_id, subject_name, fields, lower(valid) as valid_from, upper(valid) - 1 as valid_to, granted, entry
from registry.span where register = %(register)s and number = %(number)s and valid @> %(on)s::date and upper_inf(recorded)

-- :name records_now
select register, number, status, subject_id, subject_name, fields, lower(valid) as valid_from, upper(valid) - 1 as valid_to, granted, entry
from registry.span
where register = %(register)s and upper_inf(recorded) and number > %(after)s
  -- Bounds instead of `valid @> day`: the index of the exclusion would be tried first, and a page would sort the register.
  and lower(valid) <= %(on)s::date and (upper_inf(valid) or upper(valid) > %(on)s::date)
  and (%(status)s::text is null or status = %(status)s) and (%(region)s::text is null or region = %(region)s)
  and (%(kind)s::text is null or kind = %(kind)s)
order by number limit %(limit)s

-- :name count_now
select count(*) from registry.span
where register = %(register)s and upper_inf(recorded) and valid @> %(on)s::date
  and (%(status)s::text is null or status = %(status)s) and (%(region)s::text is null or region = %(region)s)
  and (%(kind)s::text is null or kind = %(kind)s)

-- :name records_known
select register, number, status, subject_id, subject_name, fields, lower(valid) as valid_from, upper(valid) - 1 as valid_to, granted, entry
from registry.span
where register = %(register)s and known_from <= %(known)s::timestamptz and known_to > %(known)s::timestamptz and number > %(after)s
  and lower(valid) <= %(on)s::date and (upper_inf(valid) or upper(valid) > %(on)s::date)
  and (%(status)s::text is null or status = %(status)s) and (%(region)s::text is null or region = %(region)s)
  and (%(kind)s::text is null or kind = %(kind)s)
order by number limit %(limit)s

-- :name count_known
select count(*) from registry.span
where register = %(register)s and known_from <= %(known)s::timestamptz and known_to > %(known)s::timestamptz and valid @> %(on)s::date
  and (%(status)s::text is null or status = %(status)s) and (%(region)s::text is null or region = %(region)s)
  and (%(kind)s::text is null or kind = %(kind)s)

-- :name restricted_by_number
select register, number, status, subject_id, subject_name, fields, lower(valid) as valid_from, upper(valid) - 1 as valid_to, granted, entry
from registry.span
where register = %(register)s and known_from <= %(known)s::timestamptz and known_to > %(known)s::timestamptz and valid @> %(on)s::date
  and (subject_id = %(q)s or number ilike '%%' || %(like)s || '%%')
  and (%(status)s::text is null or status = %(status)s) and (%(region)s::text is null or region = %(region)s)
  and (%(kind)s::text is null or kind = %(kind)s)
order by number limit %(limit)s

-- :name search_restricted
select register, number, status, subject_id, subject_name, fields, lower(valid) as valid_from, upper(valid) - 1 as valid_to, granted, entry,
       (select avg(word_similarity(t, key)) from unnest(%(words)s::text[]) t)::numeric(6, 5) as score
from registry.span
where register = %(register)s and known_from <= %(known)s::timestamptz and known_to > %(known)s::timestamptz and valid @> %(on)s::date
  and (%(status)s::text is null or status = %(status)s) and (%(region)s::text is null or region = %(region)s)
  and (%(kind)s::text is null or kind = %(kind)s)
  and exists (select from unnest(%(must)s::text[]) m where word_similarity(m, key) >= 0.5)
order by score desc, number limit %(limit)s

-- :name by_status
select status as what, count(*) as count from registry.span
where register = %(register)s and known_from <= %(known)s::timestamptz and known_to > %(known)s::timestamptz and valid @> %(on)s::date group by 1 order by 1

-- :name by_region
select coalesce(region, '') as what, count(*) as count from registry.span
where register = %(register)s and known_from <= %(known)s::timestamptz and known_to > %(known)s::timestamptz and valid @> %(on)s::date and status = 'active' group by 1 order by 1

-- :name by_kind
select coalesce(kind, '') as what, count(*) as count from registry.span
where register = %(register)s and known_from <= %(known)s::timestamptz and known_to > %(known)s::timestamptz and valid @> %(on)s::date and status = 'active' group by 1 order by 1

-- :name by_month
-- Who was active at the end of each month: what began and ended until then, counted once for the month in which it did.
with changed as (
  select greatest(c.day, date_trunc('month', %(first)s::date::timestamp)::date) as day, c.n from registry.span s
  cross join lateral (values (lower(s.valid), 1), (upper(s.valid), -1)) c(day, n)
  where s.register = %(register)s and s.known_from <= %(known)s::timestamptz and s.known_to > %(known)s::timestamptz
    and s.status = 'active' and c.day <= %(on)s::date
), counted as (select date_trunc('month', day) as month, sum(n) as n from changed group by 1)
select to_char(g, 'YYYY-MM') as what, (sum(coalesce(c.n, 0)) over (order by g))::bigint as count
from generate_series(date_trunc('month', %(first)s::date::timestamp), date_trunc('month', %(on)s::date::timestamp), interval '1 month') g
left join counted c on c.month = g
order by 1

-- :name first_day
select min(granted) from registry.span where register = %(register)s

-- :name counts
select register, count(*) filter (where status = 'active') as active, count(*) as total from registry.span
where upper_inf(recorded) and valid @> %(on)s::date group by 1

-- :name of_subject
select register, number, status, subject_id, subject_name, fields, lower(valid) as valid_from, upper(valid) - 1 as valid_to, granted, entry
from registry.span where subject_id = any(%(ids)s) and upper_inf(recorded) and valid && daterange(%(first)s, %(last)s, '[]')
order by register, number, lower(valid)

-- :name highest
select max(number) from registry.span where register = %(register)s and number like %(like)s

-- :name every_open_span
select register, number, lower(valid) as first, upper(valid) - 1 as last, status, subject_id, subject_name, granted, fields, entry
from registry.span where upper_inf(recorded) order by register, number, lower(valid)

-- :name every_stream
select distinct stream from store.entry where kind = 'register' order by stream

-- :name over
select s.register, s.number, s.subject_id, s.subject_name from registry.span s
where upper_inf(s.recorded) and s.status = 'expired' and lower(s.valid) <= %(day)s::date
  and not exists (select 1 from store.entry e where e.stream = s.register || '/' || s.number and e.doc ->> 'event' = 'expired')
order by s.register, s.number

-- :name add_sought
insert into registry.sought(register, number, key)
select * from unnest(%(registers)s::text[], %(numbers)s::text[], %(keys)s::text[]) on conflict do nothing

-- :name add_words
with added as (
  insert into registry.word(register, number, word)
  select distinct * from unnest(%(registers)s::text[], %(numbers)s::text[], %(words)s::text[]) on conflict do nothing
)
insert into registry.vocabulary(register, word)
select distinct * from unnest(%(registers)s::text[], %(words)s::text[]) on conflict do nothing
