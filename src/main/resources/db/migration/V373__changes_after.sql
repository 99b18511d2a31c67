-- Some changes that follow a place, for who reads them page by page: through the view a reader's page costs as much as all
-- that is left, because no order can be taken out of a fenced view. With the rights of its owner; the fence is
-- readable_accounts, which goes by who has logged in.
create function catalog.changes_after(after_transaction bigint, after_sequence bigint, most int)
returns table (
  change_transaction bigint,
  change_sequence    bigint,
  table_name         text,
  resource_key       text,
  resource_revision  int,
  written_by         bigint)
language sql
stable
security definer
rows 200
begin atomic
  select change.transaction, change.sequence, change.table_name, change.key, change.revision,
         coalesce(change.written_by, change.transaction)
    from pg_catalog.unnest(catalog_store.readable_accounts()) as mine (account)
   cross join lateral (
         select *
           from catalog_store.change as one
          where one.account = mine.account
            and (one.transaction, one.sequence) > (after_transaction, after_sequence)
            and one.transaction
                < (select pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())::text::bigint)
          order by one.transaction, one.sequence
          limit most) as change
   order by 1, 2
   limit most;
end;

comment on function catalog.changes_after(bigint, bigint, int)
is 'The changes that follow a place in the order, as many as are wanted at most';

-- Where the order ends for a reader at this moment: a row, or none if it has no change.
create view catalog.newest_change with (security_barrier = true) as
select newest.transaction as change_transaction,
       newest.sequence as change_sequence
  from unnest((select catalog_store.readable_accounts())::text[]) as mine (account)
 cross join lateral (
       select one.transaction, one.sequence
         from catalog_store.change as one
        where one.account = mine.account
          and one.transaction < (select pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
        order by one.transaction desc, one.sequence desc
        limit 1) as newest
 order by 1 desc, 2 desc
 limit 1;

comment on view catalog.newest_change is 'The place of the newest change in the order in which they can be followed';
comment on column catalog.newest_change.change_transaction is 'The first part of the place.';
comment on column catalog.newest_change.change_sequence is 'The second part of the place.';
