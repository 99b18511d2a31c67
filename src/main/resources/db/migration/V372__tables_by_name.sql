-- Whoever asks what there is reads it in an order.
create or replace view catalog.tables as
select relname::text as table_name,
       pg_catalog.obj_description(oid, 'pg_class') as description
  from pg_catalog.pg_class
 where relnamespace = 'catalog'::pg_catalog.regnamespace
   and relkind = 'v'
 order by 1;
