-- Posts a file under a new number at every request, with new meters in it, so that none is a repetition.
-- From the environment: BENCH_BODY (a file), BENCH_METHOD, BENCH_PATTERN (a path with %d), BENCH_MODULO (0 for none),
-- BENCH_FIRST (the first number), BENCH_HEADERS (name and value on alternate lines).
local file = assert(io.open(os.getenv("BENCH_BODY"), "rb"))
local template = file:read("*a")
file:close()

local method, pattern = os.getenv("BENCH_METHOD"), os.getenv("BENCH_PATTERN")
local modulo, number = tonumber(os.getenv("BENCH_MODULO")), tonumber(os.getenv("BENCH_FIRST"))

local headers = {}
for name, value in string.gmatch(os.getenv("BENCH_HEADERS"), "([^\n]+)\n([^\n]+)\n") do
  headers[name] = value
end

-- The text between the meters' digits stands at odd places, the digits at even ones; each meter has two records.
local pieces, meters, position = {}, 0, 1
while true do
  local from, to = string.find(template, "MTR%d%d%d%d%d%d%d%d%d", position)
  if from == nil then break end
  pieces[#pieces + 1] = string.sub(template, position, from + 2)
  pieces[#pieces + 1] = ""
  meters = meters + 1
  position = to + 1
end
pieces[#pieces + 1] = string.sub(template, position)
meters = meters / 2

request = function()
  local first = (number * meters) % 900000000
  for index = 0, meters - 1 do
    local digits = string.format("%09d", first + index)
    pieces[4 * index + 2], pieces[4 * index + 4] = digits, digits
  end
  local path = string.format(pattern, modulo > 0 and number % modulo or number)
  number = number + 1
  return wrk.format(method, path, headers, table.concat(pieces))
end
