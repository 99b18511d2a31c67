-- The lines for which a job was refused: the first thousand, kept as long as the job is.
create table ledger.input_fault (
  job_id      text not null references ledger.job (id),
  number      int not null,                           -- from 0, in the order of the input
  uri         text not null,
  line        bigint not null,                        -- from 1
  column_byte bigint not null,                        -- from 1, in bytes
  rule        text not null,                          -- what a line must be
  found       text not null,                          -- what stands there, cut to a readable length
  primary key (job_id, number)
);
