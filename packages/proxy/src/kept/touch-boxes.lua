-- ARGV: organisation, lifetime (ms), bytes at most, names. Returns the boxes; each that is found gets a full lifetime
-- again. Fewer boxes than names: together they have too many bytes.
local org, ttl, left = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local found = {}
for at = 4, #ARGV do
  local name = ARGV[at]
  local content = redis.call('GET', box(org, name))
  left = left - (content and #content or 0)
  if left < 0 then return found end
  if content then
    redis.call('PEXPIRE', box(org, name), ttl)
    note_end(org, name, now + ttl)
  end
  found[#found + 1] = content
end
return found
