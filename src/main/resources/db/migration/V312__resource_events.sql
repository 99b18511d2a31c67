-- What a provider announced of a resource and nobody has looked at yet. An announcement says nothing but
-- that it is worth asking.
create table catalog_store.resource_event (
  table_name text not null,
  -- what the provider is asked for the resource by
  resource_key text not null,
  account text not null,
  region text not null,
  received_at timestamptz not null,
  -- not to be taken before: somebody is at it, or it has just failed
  not_before timestamptz not null,
  attempts int not null default 0,
  primary key (table_name, resource_key)
);

create index resource_event__not_before on catalog_store.resource_event (not_before);
