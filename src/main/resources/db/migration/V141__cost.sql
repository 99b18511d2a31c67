-- What counted tokens cost at the prices of a million. Null where a price or the tokens in or out are not known: a sum
-- that lacks a part would look like a bargain.
create function ledger.cost(
  input_tokens bigint, output_tokens bigint, cache_read_tokens bigint, cache_write_tokens bigint,
  input_price numeric, output_price numeric, cache_read_price numeric, cache_write_price numeric)
returns numeric
language sql
immutable
parallel safe
return trim_scale(0.000001 * (input_tokens * input_price
                              + output_tokens * output_price
                              + coalesce(cache_read_tokens, 0) * cache_read_price
                              + coalesce(cache_write_tokens, 0) * cache_write_price));
