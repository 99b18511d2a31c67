-- Every version that a resource got, in an order in which nothing comes later between what was read:
-- by transaction, and shown only once no earlier transaction can still add to it.
create table catalog_store.change (
  account     text not null,
  transaction bigint not null default pg_current_xact_id()::text::bigint,
  sequence    bigint generated always as identity,
  table_name  text not null,
  key         text not null,                          -- of the resource; several columns with slashes between
  revision    int not null,                           -- the version, as in the history
  primary key (account, transaction, sequence)
);

-- Shows to a reader the accounts that it may see.
create view catalog.changes with (security_barrier = true) as
select transaction as change_transaction,
       sequence as change_sequence,
       table_name,
       key as resource_key,
       revision as resource_revision
  from catalog_store.change
 where account = any ((select catalog_store.readable_accounts())::text[])
   and transaction < pg_snapshot_xmin(pg_current_snapshot())::text::bigint;

comment on view catalog.changes is 'Every change of every resource, in the order in which they can be followed';
comment on column catalog.changes.change_transaction is 'The first part of the place in the order.';
comment on column catalog.changes.change_sequence is 'The second part of the place in the order.';
comment on column catalog.changes.table_name is 'The table that has the resource.';
comment on column catalog.changes.resource_key is 'The resource, by its key.';
comment on column catalog.changes.resource_revision is 'Its version, as in the table''s history.';
