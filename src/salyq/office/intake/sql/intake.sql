-- :name number
select nextval('intake.number')

-- :name add
insert into intake.filing(id, number, kind, organisation, filed_by, filed_at, file_name, file_sha256, file_bytes, status, period,
                          faults, findings, summary, corrects, entry, offices)
values (%(id)s, %(number)s, %(kind)s, %(organisation)s, %(filed_by)s, %(filed_at)s, %(file_name)s, %(file_sha256)s, %(file_bytes)s,
        %(status)s, %(period)s, %(faults)s, %(findings)s, %(summary)s, %(corrects)s, %(entry)s, %(offices)s)

-- :name one
select f.id, f.number, f.kind, f.organisation, f.filed_by, f.filed_at, f.file_name, f.file_sha256, f.file_bytes, f.status, f.period,
       f.faults, f.findings, f.summary, f.corrects, f.entry,
       (select c.id from intake.filing c where c.corrects = f.id and c.status = 'accepted') as corrected_by
from intake.filing f where f.id = %(id)s

-- :name listed
select f.id, f.number, f.kind, f.organisation, f.filed_by, f.filed_at, f.file_name, f.file_sha256, f.file_bytes, f.status, f.period,
       f.faults, f.findings, f.summary, f.corrects, f.entry,
       (select c.id from intake.filing c where c.corrects = f.id and c.status = 'accepted') as corrected_by
from intake.filing f
where (%(kind)s::text is null or f.kind = %(kind)s) and (%(organisation)s::text is null or f.organisation = %(organisation)s)
  and (%(status)s::text is null or f.status = %(status)s) and (%(mine)s::text[] is null or f.organisation = any(%(mine)s))
  and (f.filed_at, f.number) < (%(filed)s::timestamptz, %(number)s::text)
order by f.filed_at desc, f.number desc limit %(limit)s
