-- :name add
insert into intake.auction(filer, miner, month, kwh, filing, number, entry)
values (%(filer)s, %(miner)s, %(month)s, %(kwh)s, %(filing)s, %(number)s, %(entry)s)

-- :name left_out
select miner, month from intake.auction where filing = %(corrects)s

-- :name bought
select l.filer, sum(l.kwh) as kwh, array_agg(distinct l.number order by l.number) as numbers from (
  select distinct on (filer, month) filer, month, kwh, number from intake.auction
  where miner = %(miner)s and month between %(first)s and %(last)s order by filer, month, entry desc) l
where l.kwh > 0 group by l.filer order by l.filer
