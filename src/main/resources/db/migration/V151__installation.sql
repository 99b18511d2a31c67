-- What all nodes of one service have alike, whichever of them made it first.
create table ledger.installation (
  name  text primary key,
  value text not null
);
