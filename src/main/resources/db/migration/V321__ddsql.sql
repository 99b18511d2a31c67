-- What Datadog's SQL understands otherwise than PostgreSQL. Only its endpoint looks here, and before
-- it looks among PostgreSQL's own functions.
create schema ddsql;

comment on schema ddsql is 'Functions by Datadog''s rules, for questions that come by its API';

-- There a replacement names a group $1, here \1.
create function ddsql.regexp_replace(source text, pattern text, replacement text)
returns text
language sql
immutable
parallel safe
begin atomic
  select pg_catalog.regexp_replace(
           source, pattern, pg_catalog.regexp_replace(replacement, '\$([0-9])', '\\\1', 'g'));
end;

create function ddsql.regexp_replace(source text, pattern text, replacement text, flags text)
returns text
language sql
immutable
parallel safe
begin atomic
  select pg_catalog.regexp_replace(
           source, pattern, pg_catalog.regexp_replace(replacement, '\$([0-9])', '\\\1', 'g'), flags);
end;
