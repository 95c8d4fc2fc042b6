-- Stores and releases holds, and carries them from one epoch to the next. `amounts.lua` and `residents.lua` are put in front of
-- it, and `counters.lua` after it.

-- A process that starts within this time after an epoch began counts as the replacement of one that was awaited.
local REPLACED_MS = 30000

local function keep(id, deadline, hold)
  redis.call('SET', under('hold:' .. id), cjson.encode(hold), 'PX', KEPT_MS)
  redis.call('ZADD', under('holds'), deadline, id)
  redis.call('PEXPIRE', under('holds'), KEPT_MS)
end

local function release(id, hold)
  redis.call('DEL', under('hold:' .. id))
  redis.call('ZREM', under('holds'), id)
  for _, entry in ipairs(hold.entries) do
    local committed, held = read(entry.counter)
    write(entry.counter, committed, minus(held, entry.amount), entry.resetsAt, isMissing(entry.counter))
  end
end

local function ownerIn(holder) return string.match(holder, '^[^/]*') end

-- Copies the holds of the past epoch, also those of owners that are alive: they may be lost before they report. An owner
-- that is awaited repeats the holds of its calls under way; when it contributes, holds that are still marked as carried
-- belong to calls that have ended.
local function carry(past, awaited, ended)
  local ids = redis.call('ZRANGE', state .. ':' .. past .. ':holds', 0, -1, 'WITHSCORES')
  for at = 1, #ids, 2 do
    local found = not ended[ids[at]] and redis.call('GET', state .. ':' .. past .. ':hold:' .. ids[at])
    local hold = found and cjson.decode(found)
    if hold then
      hold.carried = awaited[ownerIn(hold.holder)]
      for _, entry in ipairs(hold.entries) do
        local committed, held = read(entry.counter)
        write(entry.counter, committed, plus(held, entry.amount), entry.resetsAt, isMissing(entry.counter))
      end
      keep(ids[at], ids[at + 1], hold)
    end
  end
end

-- Ends the epoch. The next one carries its holds.
local function abandon()
  redis.call('SET', state .. ':past', epoch, 'PX', KEPT_MS)
  redis.call('DEL', state)
end

-- A process that started after the epoch replaces one that exited before it contributed. The same event may have ended
-- other owners too, so admission waits once more until they contribute.
local function gatherAgain(began, now)
  local isYoung = now - began < REPLACED_MS and now - tonumber(ARGV[6]) > began
  if not isYoung or redis.call('HEXISTS', state, 'awaits:' .. ARGV[5]) == 0 then return end
  local gathered = now + tonumber(ARGV[4])
  redis.call('HSET', state, 'openAt', math.max(tonumber(redis.call('HGET', state, 'openAt')), gathered),
    'othersUntil', gathered)
end
