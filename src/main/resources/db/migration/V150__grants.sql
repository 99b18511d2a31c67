-- Several nodes as one service: who they are, and how they share what a model may be called.

create table ledger.node (
  name       text primary key,
  role       text not null,                           -- api, worker or all
  address    text not null,                           -- where it serves; empty if it does not
  process    text not null,                           -- process id at host
  version    text not null,
  started_at timestamptz not null,
  seen_at    timestamptz not null                     -- by the database's clock, as all times here
);

-- Locked by whoever renews a grant of the model, so that no two nodes take the same free calls.
create table ledger.model_limit (
  model               text primary key,               -- the server's URL and its name of the model
  max_calls           integer not null check (max_calls >= 1), -- in flight at once, over all nodes
  requests_per_minute integer check (requests_per_minute >= 1), -- null: as many as may be
  tokens_per_minute   bigint check (tokens_per_minute >= 1),    -- in and out; null: as many as may be
  requests_left       double precision not null default 0,      -- not yet handed to a node
  tokens_left         double precision not null default 0,
  filled_at           timestamptz not null            -- until when what is left was counted
);

create table ledger.model_grant (
  model      text not null references ledger.model_limit (model),
  node       text not null,
  granted    integer not null check (granted >= 0),   -- the sum over live rows never passes max_calls
  wanted     integer not null,
  in_flight  integer not null,
  reason     text not null,                           -- why the node makes as many calls at once as it does
  expires_at timestamptz not null,                    -- from then on it is nobody's, and its node calls no more
  primary key (model, node)
);
