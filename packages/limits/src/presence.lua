-- Who is here. KEYS[1] is a hash: the generation, and each owner with the instant at which it was last heard of.
-- ARGV: owner, milliseconds of silence after which nobody is here, milliseconds after which a silent owner is gone,
-- milliseconds it is still named as gone. Answers the generation, the time, who is here, and who is gone since when.
--
-- When nobody was here for a while, all may have been restored from an older copy, and there is nobody who would know:
-- a new generation begins, and what was founded before it is not believed.

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local owners, gone, heard = {}, {}, 0
local found = redis.call('HGETALL', KEYS[1])
local generation
for at = 1, #found, 2 do
  if found[at] == 'generation' then
    generation = found[at + 1]
  else
    local last = tonumber(found[at + 1])
    heard = math.max(heard, last)
    if now - last <= tonumber(ARGV[3]) then owners[#owners + 1] = found[at]
    elseif now - last > tonumber(ARGV[4]) then redis.call('HDEL', KEYS[1], found[at])
    elseif found[at] ~= ARGV[1] then
      gone[#gone + 1] = found[at]
      gone[#gone + 1] = last
    end
  end
end
if not generation or now - heard > tonumber(ARGV[2]) then
  generation = string.format('%015d', now)
  redis.call('HSET', KEYS[1], 'generation', generation)
end
redis.call('HSET', KEYS[1], ARGV[1], now)
return { generation, now, owners, gone }
