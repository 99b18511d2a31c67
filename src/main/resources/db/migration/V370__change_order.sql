-- A transaction that began first may come last to a resource. Its change then takes a later place than its own, so that
-- those of one resource stand in the order in which they happened.
alter table catalog_store.change
  add column written_by bigint;                       -- the transaction that wrote it; null: the one of its place

create or replace view catalog.changes with (security_barrier = true) as
select transaction as change_transaction,
       sequence as change_sequence,
       table_name,
       key as resource_key,
       revision as resource_revision,
       coalesce(written_by, transaction) as written_by
  from catalog_store.change
 where account = any ((select catalog_store.readable_accounts())::text[])
   and transaction < pg_snapshot_xmin(pg_current_snapshot())::text::bigint;

comment on view catalog.changes is 'Every change of every resource, in the order in which they can be followed; those of one resource as they happened';
comment on column catalog.changes.written_by is 'The transaction that wrote it.';
