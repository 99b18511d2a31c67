-- The call that wrk repeats: the body of one record, as bedload sends it.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"model":"bench","messages":[{"role":"user","content":"Record 1234567"}]}'
