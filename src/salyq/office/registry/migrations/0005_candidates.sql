-- A search of a public register in one call: from the asked words (as keys) to the records that come into question, the
-- best first, each with the words of the vocabulary that could be meant. What it reads is public; the spans are joined
-- under their policies by the caller.
--
-- Words of the vocabulary that could be the asked one (same bones, or it as their beginning; by likeness of letters only
-- where there are none) are scored; the rarest asked words say which records come into question (a word is common that
-- more than 500 have), and the others order them. A word that is everywhere never makes it read all records unless it is
-- all that was asked. `filtered`: the caller takes more away than what is not of the day, so no candidate is left out.
create function registry.candidates(reg text, asked text[], filtered boolean)
returns table(number text, score numeric, words text[]) language plpgsql rows 100 as $$
#variable_conflict use_column
declare
  near text[]; places int[]; scores numeric[];
  missing int[]; order_of int[]; counts int[];
  rare int[]; found text[] := '{}'; found_scores numeric[] := '{}';
  most int := case when filtered then 1000000 else 250 end;
  n int;
begin
  select array_agg(x.word order by x.n, x.r), array_agg(x.n order by x.n, x.r), array_agg(x.score order by x.n, x.r)
  into near, places, scores
  from (
    select y.*, row_number() over (partition by y.n order by y.score desc, y.word) as r
    from (
      select a.n::int as n, a.word as asked, v.word, greatest(word_similarity(a.word, v.word), similarity(a.word, v.word))::numeric(6, 5) as score
      from unnest(asked) with ordinality a(word, n), lateral (
        select word from registry.vocabulary where register = reg and bones = registry.bones(a.word)
        union
        select word from registry.vocabulary
        where register = reg and length(registry.bones(a.word)) >= 3
          and bones >= registry.bones(a.word) and bones < registry.bones(a.word) || U&'\FFFF'
        union
        select word from registry.vocabulary
        where register = reg and length(a.word) >= 2 and word >= a.word collate "C" and word < a.word || U&'\FFFF' collate "C"
      ) v) y
    where y.score >= 0.3 or y.word = y.asked) x
  where x.r <= 60;

  select array_agg(g) into missing from generate_subscripts(asked, 1) g where g <> all(coalesce(places, '{}'));
  if missing is not null then
    perform set_config('pg_trgm.word_similarity_threshold', '0.5', true);
    select near || array_agg(x.word order by x.n, x.r), places || array_agg(x.n order by x.n, x.r),
           scores || array_agg(x.score order by x.n, x.r)
    into near, places, scores
    from (
      select a.n::int as n, v.word::text as word, word_similarity(a.word, v.word)::numeric(6, 5) as score,
             row_number() over (partition by a.n order by word_similarity(a.word, v.word)::numeric(6, 5) desc, v.word) as r
      from unnest(asked) with ordinality a(word, n) join registry.vocabulary v on v.word %> a.word and v.register = reg
      where a.n = any(missing)) x
    where x.r <= 60;
  end if;
  if near is null then
    return;
  end if;

  select array_agg(w.n order by w.c, w.n), array_agg(w.c order by w.c, w.n) into order_of, counts
  from (
    select d.n, (select count(*) from (
      select from registry.word p
      where p.register = reg and p.word in (select x.word from unnest(near, places) x(word, n) where x.n = d.n) limit 501) c)::int as c
    from (select distinct unnest(places) as n) d) w;

  if cardinality(order_of) = 1 and counts[1] > 500 and not filtered then
    -- A common word that stands alone: the records of the nearest spelling first, by number.
    for n in 1 .. cardinality(near) loop
      select found || array_agg(p.number), found_scores || array_agg(scores[n]) into found, found_scores
      from (select number from registry.word where register = reg and word = near[n] order by number limit most) p
      where p.number <> all(found);
      exit when cardinality(found) >= most;
    end loop;
    return query select f.number, f.score, near from unnest(found, found_scores) f(number, score);
    return;
  end if;

  select array_agg(o.n) into rare
  from (select x.n from unnest(order_of, counts) with ordinality x(n, c, i) where x.c <= 500 order by x.i limit 2) o;
  if rare is null and cardinality(order_of) > 1 then
    select array_agg(z.number) into found from (
      select number from registry.word
      where register = reg and word in (select x.word from unnest(near, places) x(word, n) where x.n = order_of[1])
      intersect
      select number from registry.word
      where register = reg and word in (select x.word from unnest(near, places) x(word, n) where x.n = order_of[2])
      order by number limit greatest(most, 500)) z;
  end if;
  if rare is not null or coalesce(cardinality(found), 0) = 0 then
    select array_agg(z.number) into found from (
      select distinct number from registry.word
      where register = reg
        and word in (select x.word from unnest(near, places) x(word, n) where x.n = any(coalesce(rare, order_of[1:1])))
      order by number limit case when rare is null then most else 1000000 end) z;
  end if;
  -- Record by record through its words; of very many it is cheaper to walk the asked words once.
  if cardinality(found) <= 2000 then
    return query
      select h.number, (sum(h.score) / cardinality(asked))::numeric(6, 5) as score, near from (
        select c.number, a.n, max(a.score) as score
        from unnest(found) c(number)
        cross join lateral (select p.word from registry.word p where p.register = reg and p.number = c.number offset 0) p
        join unnest(near, places, scores) a(word, n, score) on a.word = p.word
        group by 1, 2) h
      group by 1 order by 2 desc, 1 limit most;
  else
    return query
      select h.number, (sum(h.score) / cardinality(asked))::numeric(6, 5) as score, near from (
        select p.number, a.n, max(a.score) as score
        from unnest(near, places, scores) a(word, n, score)
        join registry.word p on p.register = reg and p.word = a.word
        where p.number = any(found)
        group by 1, 2) h
      group by 1 order by 2 desc, 1 limit most;
  end if;
end $$;
