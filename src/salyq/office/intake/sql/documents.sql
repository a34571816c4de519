-- :name add
insert into intake.document(application, name, sha256, file_name, bytes, by_account, at, entry, office, organisation)
values (%(application)s, %(name)s, %(sha256)s, %(file_name)s, %(bytes)s, %(by)s, %(at)s, %(entry)s, %(office)s, %(organisation)s)
on conflict do nothing

-- :name listed
select application, name, sha256, file_name, bytes, by_account, at, entry from intake.document
where application = %(application)s order by at, name, sha256

-- :name one
select application, name, sha256, file_name, bytes, by_account, at, entry from intake.document
where application = %(application)s and sha256 = %(sha256)s limit 1
