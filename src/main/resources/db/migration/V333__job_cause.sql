alter table ledger.job
  add column traceparent text;

comment on column ledger.job.traceparent
is 'Where in a trace of the caller''s the job was asked for, as the header traceparent of the request had it. Null if it had none.';
