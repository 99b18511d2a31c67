-- The service's own jobs as a source: an account in a region, and what the catalog last took of it.
create table catalog_store.own_source (
  account text not null,
  region text not null,
  -- when steps of jobs were last taken; null before the first
  last_attempt_at timestamptz,
  -- of the steps that were taken then
  new_rows int not null default 0,
  changed_rows int not null default 0,
  unchanged_rows int not null default 0,
  primary key (account, region)
);

insert into catalog_store.own_source (account, region)
select distinct account, region
  from ledger.job;

-- How fresh own jobs are needs no sign of life: what the catalog lacks is there to be counted, and it
-- shows everything up to the oldest of that.
create view catalog_store.own_source_now as
select own.account,
       own.region,
       own.last_attempt_at,
       coalesce(behind.since, pg_catalog.statement_timestamp()) as last_success_at,
       own.new_rows,
       own.changed_rows,
       own.unchanged_rows,
       case when behind.since < pg_catalog.statement_timestamp() - interval '10 seconds'
            then pg_catalog.format(
                   '%s steps of jobs are not in the catalog, the oldest of %s; the log of the service says why',
                   behind.steps, behind.since)
            end as error,
       behind.steps is not null as is_running
  from catalog_store.own_source as own
  left join (select job.account, job.region, min(event.at) as since, count(*) as steps
               from ledger.job_event as event
               join ledger.job on job.id = event.job_id
              where not event.collected
              group by job.account, job.region) as behind
    on behind.account = own.account
   and behind.region = own.region;

create or replace view catalog.sources with (security_barrier = true) as
select account as account_id,
       region,
       origin,
       every,
       last_attempt_at,
       last_success_at,
       took,
       new_rows,
       changed_rows,
       unchanged_rows,
       calls,
       throttled_calls,
       error,
       held_until is not null and held_until > pg_catalog.clock_timestamp() as is_running,
       next_at,
       'collected' as kind
  from catalog_store.source
 where is_declared
   and account = any ((select catalog_store.readable_accounts())::text[])
union all
select account,
       region,
       'bedload',
       null,
       last_attempt_at,
       last_success_at,
       null,
       new_rows,
       changed_rows,
       unchanged_rows,
       0,
       0,
       error,
       is_running,
       null,
       'own'
  from catalog_store.own_source_now
 where account = any ((select catalog_store.readable_accounts())::text[]);

comment on view catalog.sources
is 'Where the catalog has its rows from, an account and a region in each row, and how fresh they are';
comment on column catalog.sources.kind is 'own: jobs of this service, which follow at once. collected: what the settings name under sources.';
comment on column catalog.sources.origin is 'bedload for own jobs; else aws, or the URL of another service that speaks the same API.';
comment on column catalog.sources.every is 'How often it is collected when nobody asks. Null for own jobs, which follow at once.';
comment on column catalog.sources.last_attempt_at is 'When the last sync began; for own jobs, when the last of their steps were taken. Null before the first.';
comment on column catalog.sources.last_success_at is 'When a sync last did all that it should. Own jobs are all there up to this time.';
comment on column catalog.sources.took is 'How long the last sync took, to its end or to its error. Null for own jobs.';
comment on column catalog.sources.is_running is 'Whether a sync is under way; for own jobs, whether steps wait to be taken.';
comment on column catalog.sources.next_at is 'When the next sync is due. Null for own jobs, which follow at once.';
