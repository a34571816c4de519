-- A page of a queue begins behind the last row of the one before: the keys are compared as wholes, what has no day last.
drop index procedures.standing_due, procedures.standing_open, procedures.standing_over;
create index standing_due on procedures.standing(coalesce(due, 'infinity'::date), opened_at, application);
create index standing_open on procedures.standing(coalesce(due, 'infinity'::date), opened_at, application) where not over;
create index standing_over on procedures.standing(day desc, opened_at desc, application desc) where over;
