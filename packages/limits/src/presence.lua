-- Records a heartbeat of an owner and returns which owners are present.
-- KEYS[1] is a hash: the generation, and the time of each owner's last heartbeat.
-- ARGV: owner, then three times in milliseconds: without any heartbeat for the first, a new generation begins; an owner
-- without a heartbeat for the second is absent, and for the third is deleted.
-- Returns the generation, the time, the owners present, and the absent owners, each with its last heartbeat.
--
-- When no owner was present for a while, this Redis may have been restored from a backup, and no process would notice.
-- So a new generation begins, and epochs older than it are not used.

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local owners, absent, newest = {}, {}, 0
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
      absent[#absent + 1] = found[at]
      absent[#absent + 1] = last
    end
  end
end
if not generation or now - newest > tonumber(ARGV[2]) then
  generation = string.format('%015d', now)
  redis.call('HSET', KEYS[1], 'generation', generation)
end
redis.call('HSET', KEYS[1], ARGV[1], now)
return { generation, now, owners, absent }
