-- The fixed part of the catalog. Tables, types and views of resource types are not here: they are
-- made from the schema files at start.

-- What is kept. Readers cannot name anything in it; they see it through the views.
create schema catalog_store;

-- What readers see: the documented tables under their documented names.
create schema catalog;

comment on schema catalog is 'Cloud resources as tables';

-- Which schema file was last turned into tables and views.
create table catalog_store.applied_schema (
  table_name text primary key,
  -- a digest of every generated statement: if it is the same, there is nothing to do
  fingerprint text not null,
  -- the composite types that the view stands on, to be dropped when it is made anew
  struct_types text[] not null
);

-- Reaches into a STRUCT column as into JSON: json_extract_path_text(input_data_config,
-- 's3_input_data_config', 's3_uri'). PostgreSQL's own function of that name takes json only.
create function catalog.json_extract_path_text(anycompatible, variadic text[])
returns text
language sql
stable
parallel safe
as 'select pg_catalog.json_extract_path_text(pg_catalog.to_json($1), variadic $2)';

comment on function catalog.json_extract_path_text(anycompatible, text[])
is 'A field of a STRUCT column, by the path of names that leads to it';

-- Without this one a plain literal, which PostgreSQL's own function takes, would be ambiguous.
create function catalog.json_extract_path_text(text, variadic text[])
returns text
language sql
immutable
parallel safe
as 'select pg_catalog.json_extract_path_text($1::pg_catalog.json, variadic $2)';
