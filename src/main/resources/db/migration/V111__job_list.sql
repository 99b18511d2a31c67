-- Lists of a million jobs: each filter has an index that gives a page in the list's own order, and holds the names too,
-- so that a list that looks for one reads no rows but those of its page.
drop index ledger.job_list;
create index job_list on ledger.job (account, region, submitted_at, id) include (job_name);
create index job_of_status on ledger.job (account, region, status, submitted_at, id) include (job_name);

-- A rare name is found by its parts. PostgreSQL brings pg_trgm along, but a server may lack it or keep it from us;
-- there, a list that looks for a rare name reads the index above from end to end.
do $$
declare
  home name;
begin
  create extension if not exists pg_trgm with schema ledger;
  select namespace.nspname into home
    from pg_extension extension
    join pg_namespace namespace on namespace.oid = extension.extnamespace
   where extension.extname = 'pg_trgm';
  execute format('create index job_name_part on ledger.job using gin (job_name %I.gin_trgm_ops)', home);
exception
  when insufficient_privilege or feature_not_supported or undefined_file then
    raise notice 'Lists of jobs by a part of the name have no index of their own: %', sqlerrm;
end
$$;
