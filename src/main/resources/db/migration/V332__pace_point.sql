-- How a job's counts and the calls in flight went over its life: some hundred points a job, thinner the longer it runs.
create table ledger.pace_point (
  job_id          text not null references ledger.job (id),
  at              timestamptz not null,
  success         bigint not null,
  error           bigint not null,
  in_flight       int,                                -- to the job's model, by the node that wrote the point; null: it has no such model
  in_flight_limit int,
  primary key (job_id, at)
);
