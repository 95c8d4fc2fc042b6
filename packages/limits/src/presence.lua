-- Which owners are present. KEYS[1] is a hash: the generation, and when each owner last reported.
-- ARGV: owner, milliseconds of silence of all owners after which a new generation begins, milliseconds after which a silent
-- owner is absent, milliseconds after which it is forgotten.
-- Returns the generation, the time, the owners present, and those absent with the time when each last reported.
--
-- When no owner was present for a while, this Redis may have been restored from a backup and nobody would notice. So a new
-- generation begins, and epochs older than it are not used.

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local owners, gone, newest = {}, {}, 0
local found = redis.call('HGETALL', KEYS[1])
local generation
for at = 1, #found, 2 do
  if found[at] == 'generation' then
    generation = found[at + 1]
  else
    local last = tonumber(found[at + 1])
    newest = math.max(newest, last)
    if now - last <= tonumber(ARGV[3]) then owners[#owners + 1] = found[at]
    elseif now - last > tonumber(ARGV[4]) then redis.call('HDEL', KEYS[1], found[at])
    elseif found[at] ~= ARGV[1] then
      gone[#gone + 1] = found[at]
      gone[#gone + 1] = last
    end
  end
end
if not generation or now - newest > tonumber(ARGV[2]) then
  generation = string.format('%015d', now)
  redis.call('HSET', KEYS[1], 'generation', generation)
end
redis.call('HSET', KEYS[1], ARGV[1], now)
return { generation, now, owners, gone }
