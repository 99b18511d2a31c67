-- Indexes of lists no longer have an entry for each row without one. They are made anew, as the schema files say, when the
-- catalog is opened.
do $$
declare
  old regclass;
begin
  for old in
    select indexrelid::regclass
      from pg_index
      join pg_class on pg_class.oid = indexrelid
      join pg_opclass on pg_opclass.oid = indclass[0]
     where relnamespace = 'catalog_store'::regnamespace
       and relam = (select oid from pg_am where amname = 'gin')
       and opcname = 'array_ops'
       and indpred is null
  loop
    execute format('drop index %s', old);
  end loop;
end $$;
