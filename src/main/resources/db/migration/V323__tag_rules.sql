-- What tags every resource is to have, as the settings say. The same for every account.
create table catalog_store.tag_rule (
  position int primary key,
  key      text not null unique,
  allowed  text[] not null                            -- empty: any
);
