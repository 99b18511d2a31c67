-- Questions that people keep under a name.
create table catalog_store.saved_question (
  account  text not null,
  name     text not null,
  sql      text not null,
  saved_at timestamptz not null,
  primary key (account, name)
);
