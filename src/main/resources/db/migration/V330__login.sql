-- Browsers that are logged in, kept so that a restart of the service logs nobody out and every node knows them.
create table ledger.login (
  id_digest  bytea primary key,                       -- SHA-256 of what the cookie holds: a copy of this table logs nobody in
  account    text not null,
  opened_at  timestamptz not null,
  expires_at timestamptz not null
);
create index login_opened on ledger.login (opened_at);

-- The words of links that were used, until those are too old anyway.
create table ledger.used_link (
  word       text primary key,
  expires_at timestamptz not null
);
