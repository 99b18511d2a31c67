-- Which accounts' rows the users of an account may see, and the role that they log in as. A role that
-- is not here sees none.
create table catalog_store.reader (
  viewer text not null,
  account text not null,
  role text not null,
  primary key (viewer, account)
);

create index reader__role on catalog_store.reader (role);

-- With the rights of its owner, because readers may not see the table; session_user stays who has
-- logged in, which nobody can change.
create function catalog_store.readable_accounts()
returns text[]
language sql
stable
parallel safe
security definer
begin atomic
  select coalesce(pg_catalog.array_agg(account), '{}')
    from catalog_store.reader
   where role = session_user::text;
end;

comment on function catalog_store.readable_accounts()
is 'The accounts whose rows the role that has logged in may see';

-- Where resources are collected from: an account in a region, and how its collecting goes.
create table catalog_store.source (
  account text not null,
  region text not null,
  -- aws, or the URL of another service that speaks the same API
  origin text not null,
  every interval not null,
  -- false once the settings no longer name it; what was collected is kept
  is_declared boolean not null default true,
  next_at timestamptz not null,
  -- when somebody last wanted it at once
  asked_at timestamptz,
  -- who collects at this moment, and until when that holds without a sign of life
  holder text,
  held_until timestamptz,
  -- of the sync that runs, or else of the last one
  last_attempt_at timestamptz,
  last_success_at timestamptz,
  took interval,
  new_rows int not null default 0,
  changed_rows int not null default 0,
  unchanged_rows int not null default 0,
  calls int not null default 0,
  throttled_calls int not null default 0,
  -- null if the last sync did all that it should
  error text,
  -- syncs in a row that did not
  failures int not null default 0,
  primary key (account, region)
);

-- How far the listing of each type has come in a source.
create table catalog_store.source_cursor (
  account text not null,
  region text not null,
  table_name text not null,
  -- the latest value of the column by which the type is listed from old to new
  reached timestamptz,
  -- when everything was last listed from the beginning
  full_at timestamptz,
  primary key (account, region, table_name),
  foreign key (account, region) references catalog_store.source
);

-- The barrier keeps the fence before any condition of the reader's.
create view catalog.sources with (security_barrier = true) as
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
       next_at
  from catalog_store.source
 where is_declared
   and account = any ((select catalog_store.readable_accounts())::text[]);

comment on view catalog.sources
is 'Where the catalog collects from, an account and a region in each row, and how that goes';
comment on column catalog.sources.account_id is 'The account.';
comment on column catalog.sources.region is 'The region.';
comment on column catalog.sources.origin is 'aws, or the URL of another service that speaks the same API.';
comment on column catalog.sources.every is 'How often it is collected when nobody asks.';
comment on column catalog.sources.last_attempt_at is 'When the last sync began. Null before the first.';
comment on column catalog.sources.last_success_at is 'When a sync last did all that it should.';
comment on column catalog.sources.took is 'How long the last sync took, to its end or to its error.';
comment on column catalog.sources.new_rows is 'Resources that the last sync saw for the first time.';
comment on column catalog.sources.changed_rows is 'Resources that it found changed.';
comment on column catalog.sources.unchanged_rows is 'Resources that it found as they were known.';
comment on column catalog.sources.calls is 'Calls that it made.';
comment on column catalog.sources.throttled_calls is 'How many of them the provider put off.';
comment on column catalog.sources.error is 'Why the last sync did not do all that it should. Null if it did.';
comment on column catalog.sources.is_running is 'Whether a sync is under way.';
comment on column catalog.sources.next_at is 'When the next sync is due.';
