-- Boxes of kept responses. Keys, all with the prefix KEYS[1]:
--   box:<organisation>:<name>   the box, with a lifetime
--   ends                        sorted set: organisation:name -> end of its lifetime (ms)
--   used:<organisation>         sorted set: name -> end of its lifetime (ms), so the least recently used is first
--   sizes:<organisation>        hash: name -> bytes
--   bytes                       sorted set: organisation -> bytes of its boxes
--   sum                         bytes of all boxes
local prefix = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function box(org, name) return prefix .. 'box:' .. org .. ':' .. name end

-- Forgets a box. Returns 1 if it was there.
local function drop(org, name)
  local size = redis.call('HGET', prefix .. 'sizes:' .. org, name)
  redis.call('ZREM', prefix .. 'ends', org .. ':' .. name)
  redis.call('ZREM', prefix .. 'used:' .. org, name)
  local removed = redis.call('DEL', box(org, name))
  if not size then return removed end
  redis.call('HDEL', prefix .. 'sizes:' .. org, name)
  redis.call('INCRBY', prefix .. 'sum', '-' .. size)
  if tonumber(redis.call('ZINCRBY', prefix .. 'bytes', '-' .. size, org)) <= 0 then
    redis.call('ZREM', prefix .. 'bytes', org)
  end
  return removed
end

local function note_end(org, name, ends)
  redis.call('ZADD', prefix .. 'ends', ends, org .. ':' .. name)
  redis.call('ZADD', prefix .. 'used:' .. org, ends, name)
end

-- Forgets boxes whose lifetime has ended, at most 100 at a time.
local function drop_ended()
  for _, each in ipairs(redis.call('ZRANGEBYSCORE', prefix .. 'ends', '-inf', now, 'LIMIT', 0, 100)) do
    local org, name = string.match(each, '^([^:]*):(.*)$')
    drop(org, name)
  end
end
