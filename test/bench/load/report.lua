-- What a run of wrk came to, as one line of JSON; times are in microseconds.
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\nBENCH {"durationUs":%.0f,"requests":%.0f,"bytes":%.0f,"p50Us":%.0f,"p99Us":%.0f,' ..
    '"brokenConnections":%.0f,"badStatuses":%.0f,"timeouts":%.0f}\n',
    summary.duration, summary.requests, summary.bytes, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write, errors.status, errors.timeout))
end

-- The requests, if they are more than wrk's own: a script named by the environment.
local script = os.getenv("BENCH_SCRIPT")
if script ~= nil and script ~= "" then dofile(script) end
