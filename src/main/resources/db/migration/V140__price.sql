-- What a million tokens cost when the job began, in the operator's currency; a later change of the model map does not
-- rewrite what a job has cost. All null: it has not begun, or nobody said a price.
alter table ledger.job
  add column input_price       numeric,
  add column output_price      numeric,
  add column cache_read_price  numeric,               -- for tokens out of a cache
  add column cache_write_price numeric;               -- for tokens into one
