-- Some audiences hear of changes of the catalog, and not of the steps of jobs.
alter table ledger.audience
  add column hears text not null default 'steps' check (hears in ('steps', 'changes'));

-- How far each of those has come. The changes themselves stand in catalog_store.change in any case, so that one who is away
-- costs nothing.
create table catalog_store.follower (
  name        text primary key,
  transaction bigint not null,                        -- the place of the last change that it has
  sequence    bigint not null,
  seen        pg_snapshot not null,                   -- when it was named first: what had happened then it is not told
  refusals    int not null default 0                  -- how often it refused the change that comes next
);
