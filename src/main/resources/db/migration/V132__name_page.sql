-- A part of a name, of any length, among a million jobs: names stand in pages of a hundred, in the order of the lists. A
-- list that looks for a part reads pages and turns to the jobs of those that have it, so what it reads is bounded
-- whatever is looked for and wherever it is. An index of trigrams is not: a part that many old jobs have costs a visit to each.
create table ledger.name_page (
  account  text not null,
  region   text not null,
  after_at timestamptz not null,                      -- the page begins after this place of the list, where the one before it ends
  after_id text not null,
  last_at  timestamptz not null,                      -- and ends with this one
  last_id  text not null,
  names    text not null,                             -- of all jobs between, a line each
  primary key (account, region, last_at, last_id)
) with (toast_tuple_target = 8160);
alter table ledger.name_page alter column names set storage external; -- packed or kept apart, a page would cost ten times as much to read

-- Makes pages of the jobs of an account in a region that have none yet, but leaves the newest thousand: jobs still come
-- among those, and a list reads them one by one as fast. The lock keeps a job from coming among those that are read here,
-- unseen: whoever enters one has the page looked up that it belongs to, and waits for this.
create function ledger.fold_names(of_account text, in_region text) returns void
  language plpgsql
as $$
declare
  end_at timestamptz := '-infinity';
  end_id text := '';
begin
  lock table ledger.name_page in share row exclusive mode;

  select last_at, last_id into end_at, end_id
    from (select last_at, last_id
            from ledger.name_page
           where account = of_account and region = in_region
           union all
          select '-infinity', '') page
   order by last_at desc, last_id desc
   limit 1;

  insert into ledger.name_page (account, region, after_at, after_id, last_at, last_id, names)
  select of_account, in_region,
         lag(last_at, 1, end_at) over (order by number), lag(last_id, 1, end_id) over (order by number),
         last_at, last_id, names
    from (select place / 100 as number,
                 max(submitted_at) as last_at,
                 (array_agg(id order by place desc))[1] as last_id,
                 string_agg(job_name, E'\n' order by place) as names
            from (select id, job_name, submitted_at,
                         row_number() over (order by submitted_at, id) - 1 as place, count(*) over () as jobs
                    from ledger.job
                   where account = of_account and region = in_region
                     and (submitted_at, id) > (end_at, end_id)) loose
           where place < (jobs - 1000) / 100 * 100
           group by place / 100) page;
end
$$;

select ledger.fold_names(account, region)
  from (select distinct account, region from ledger.job) owner;

drop index if exists ledger.job_name_part;
