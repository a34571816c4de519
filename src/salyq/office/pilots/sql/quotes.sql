-- :name add
insert into pilots.quote (asset, price, source, at) values (%(asset)s, %(price)s, %(source)s, %(at)s)

-- :name latest
select n, asset, price, source, at from pilots.quote where asset = %(asset)s and at <= %(now)s
order by at desc, n desc limit 1
