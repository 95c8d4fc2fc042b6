-- ARGV: organisation, name, box, bytes, lifetime (ms), bytes of all boxes at most
local org, name, content, size, ttl, most = unpack(ARGV)
drop(org, name)
drop_ended()
redis.call('SET', box(org, name), content, 'PX', ttl)
note_end(org, name, now + ttl)
redis.call('HSET', prefix .. 'sizes:' .. org, name, size)
redis.call('ZINCRBY', prefix .. 'bytes', size, org)
local sum = tonumber(redis.call('INCRBY', prefix .. 'sum', size))
-- The organisation with the most bytes gives room. Later writes go on if there is not enough.
for _ = 1, 1000 do
  if sum <= tonumber(most) then break end
  local largest = redis.call('ZREVRANGE', prefix .. 'bytes', 0, 0)[1]
  local first = largest and redis.call('ZRANGE', prefix .. 'used:' .. largest, 0, 0)[1]
  if not first then break end
  drop(largest, first)
  sum = tonumber(redis.call('GET', prefix .. 'sum'))
end
return 1
