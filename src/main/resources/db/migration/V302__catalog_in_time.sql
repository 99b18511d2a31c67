-- The tables as they were at a moment. A session turns to it by catalog.as_of(moment).
create schema catalog_as_of;

comment on schema catalog_as_of is 'The tables of catalog as they were at the moment that catalog.as_of names';

-- With the rights of its owner, because readers may not set parameters by function. The names are
-- resolved here and now, so a caller's search_path decides nothing.
create function catalog.as_of(moment timestamptz)
returns timestamptz
language sql
volatile
security definer
begin atomic
  select moment
    from (select pg_catalog.set_config('catalog.as_of', coalesce(moment::text, ''), false),
                 pg_catalog.set_config(
                   'search_path',
                   case when moment is null then 'catalog, public'
                        else 'catalog_as_of, catalog, public' end,
                   false)
          offset 0) as turned;
end;

comment on function catalog.as_of(timestamptz)
is 'Turns the tables of this session to how they were at a moment; null turns them to now';

-- What differs between two rows of one table, such as two versions out of a history.
create function catalog.difference(before anyelement, after anyelement)
returns table (field text, old jsonb, new jsonb)
language sql
stable
parallel safe
as $$
  with recursive leaf (side, path, value) as (
    select row_of.side, member.key, member.value
      from (values ('before', pg_catalog.to_jsonb(before)),
                   ('after', pg_catalog.to_jsonb(after))) as row_of (side, document)
     cross join lateral pg_catalog.jsonb_each(row_of.document) as member
     union all
    select leaf.side, leaf.path || '.' || member.key, member.value
      from leaf
     cross join lateral pg_catalog.jsonb_each(
             case when pg_catalog.jsonb_typeof(leaf.value) = 'object' then leaf.value
                  else '{}' end) as member
  )
  select coalesce(was.path, is_now.path), was.value, is_now.value
    from (select path, value from leaf
           where side = 'before'
             and pg_catalog.jsonb_typeof(value) not in ('object', 'null')) as was
    full join (select path, value from leaf
                where side = 'after'
                  and pg_catalog.jsonb_typeof(value) not in ('object', 'null')) as is_now
      on was.path = is_now.path
   where was.value is distinct from is_now.value
     -- These say which version it is, not what the resource was.
     and coalesce(was.path, is_now.path) not in ('revision', 'valid_from', 'valid_to', 'changed')
   order by 1
$$;

comment on function catalog.difference(anyelement, anyelement)
is 'The fields in which two rows differ, with both values; a field of a STRUCT by its dotted path';

-- What the schema files say of columns and fields beyond their SQL type.
create table catalog_store.documented_column (
  table_name text not null,
  -- a field of a STRUCT by its dotted path
  column_name text not null,
  position int not null,
  documented_type text not null,
  -- null: no member of the provider's document, but known from elsewhere
  provider_name text,
  sensitive boolean not null,
  description text not null,
  primary key (table_name, column_name)
);

create view catalog.tables as
select relname::text as table_name,
       pg_catalog.obj_description(oid, 'pg_class') as description
  from pg_catalog.pg_class
 where relnamespace = 'catalog'::pg_catalog.regnamespace
   and relkind = 'v';

comment on view catalog.tables is 'Every table that can be asked';
comment on column catalog.tables.table_name is 'The name, as it stands after from.';
comment on column catalog.tables.description is 'What a row is.';

create view catalog.columns as
with shown as (
  select relname::text as table_name,
         attname::text as column_name,
         attnum::int as position,
         pg_catalog.format_type(atttypid, atttypmod) as sql_type,
         pg_catalog.col_description(attrelid, attnum) as description
    from pg_catalog.pg_class
    join pg_catalog.pg_attribute on attrelid = pg_class.oid
   where relnamespace = 'catalog'::pg_catalog.regnamespace
     and relkind = 'v'
     and attnum > 0
     and not attisdropped
)
select shown.table_name, shown.column_name, shown.position, shown.sql_type,
       documented.documented_type, documented.provider_name,
       coalesce(documented.sensitive, false) as sensitive, shown.description
  from shown
  left join catalog_store.documented_column as documented using (table_name, column_name)
 union all
select table_name, column_name, position, null, documented_type, provider_name, sensitive,
       description
  from catalog_store.documented_column
 where column_name like '%.%';

comment on view catalog.columns is 'Every column that can be asked, and every field of a STRUCT';
comment on column catalog.columns.table_name is 'The table that has it.';
comment on column catalog.columns.column_name is 'The name; a field of a STRUCT by its dotted path.';
comment on column catalog.columns.position is 'The place in the table; of a field, that of its STRUCT.';
comment on column catalog.columns.sql_type is 'The type in PostgreSQL; null for a field.';
comment on column catalog.columns.documented_type is 'The type in the documentation; null where only bedload has the column.';
comment on column catalog.columns.provider_name is 'What the provider calls it, in its own spelling.';
comment on column catalog.columns.sensitive is 'Whether its text may quote what a user fed.';
comment on column catalog.columns.description is 'What it means.';
