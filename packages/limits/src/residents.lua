-- The counters of an organisation that are in Redis, a bounded number.
--
-- A limit in `demand` has others: they are missing until `fill` adds them from the ledger. What
-- was used of a missing counter is in the spools; `unshipped` has each owner's position up to which it is, and the ledger must have that.

local state, op, epoch = KEYS[1], ARGV[1], ARGV[2]
-- Longer than any window. Every write starts it again.
local KEPT_MS = 100 * 86400000
local GRACE_MS = 3600000

-- Counters of an organisation here, and how long one that was used stays in any case.
local RESIDENT_MAX, BUSY_MS = 20000, 10000
-- A process whose clock was ahead may have counted in a window that starts so much later.
local SKEW_MS = 120000

local function under(name) return state .. ':' .. epoch .. ':' .. name end

local function read(counter)
  local found = redis.call('HMGET', under('counter:' .. counter), 'committed', 'held')
  return found[1] or '0', found[2] or '0'
end

-- One clock decides when admission opens: the clocks of processes may be wrong.
local function nowMs()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local demands = redis.call('HMGET', state, 'demands', 'freshSince')
local hasDemand, freshSince = demands[1], tonumber(demands[2] or '0')

local function limitOf(counter) return string.sub(counter, 1, 36) end

-- Nil for calls under way.
local function startOf(counter) return tonumber(string.match(counter, '^[^/]*/([^/]*)/')) end

-- A window that starts after the last eviction has no counter but those here.
local function isMissing(counter)
  if not hasDemand or redis.call('SISMEMBER', under('demand'), limitOf(counter)) == 0 then return false end
  if redis.call('HEXISTS', under('counter:' .. counter), 'base') == 1 then return false end
  local start = startOf(counter)
  return start ~= nil and start <= freshSince
end

local function demand(limit, since)
  if redis.call('SADD', under('demand'), limit) == 0 and since <= freshSince then return false end
  redis.call('PEXPIRE', under('demand'), KEPT_MS)
  hasDemand, freshSince = '1', math.max(freshSince, since)
  redis.call('HSET', state, 'demands', '1', 'freshSince', string.format('%.0f', freshSince))
  return true
end

local function unship(owner, position)
  local known = tonumber(redis.call('HGET', under('unshipped'), owner) or '0')
  redis.call('HSET', under('unshipped'), owner, string.format('%.0f', math.max(known, tonumber(position))))
  redis.call('PEXPIRE', under('unshipped'), KEPT_MS)
end

-- Removes the oldest counters that are not in use.
local function evict()
  local now, count = nowMs(), redis.call('LLEN', under('resident'))
  for _ = 1, 20 do
    if count <= RESIDENT_MAX then return end
    local counter = redis.call('LPOP', under('resident'))
    local key = under('counter:' .. counter)
    local found = redis.call('HMGET', key, 'held', 'usedAt')
    local isBusy = found[1] and (found[1] ~= '0' or (now - tonumber(found[2] or '0') < BUSY_MS and count < 4 * RESIDENT_MAX))
    if isBusy then
      redis.call('RPUSH', under('resident'), counter)
    else
      count = count - 1
      local start = found[1] and startOf(counter)
      if start then
        local fields = redis.call('HGETALL', key)
        for at = 1, #fields, 2 do
          if string.sub(fields[at], 1, 3) == 'at:' then unship(string.sub(fields[at], 4), fields[at + 1]) end
        end
        demand(limitOf(counter), now)
      end
      redis.call('DEL', key)
    end
  end
end

-- `isUnread`: the amount lacks what only the ledger has.
local function write(counter, committed, held, resetsAt, isUnread)
  local key = under('counter:' .. counter)
  local isNew = redis.call('HSET', key, 'committed', committed, 'held', held) == 2
  if not isUnread then redis.call('HSET', key, 'base', '1') end
  if resetsAt == '' then redis.call('PEXPIRE', key, KEPT_MS)
  else redis.call('PEXPIREAT', key, tonumber(resetsAt) + GRACE_MS) end
  if not isNew then return end
  redis.call('RPUSH', under('resident'), counter)
  redis.call('PEXPIRE', under('resident'), KEPT_MS)
  evict()
end

local function readAll(seq)
  local answer, missing = { 'ok', seq }, { 'unread', seq }
  for at = 4, #ARGV do
    if isMissing(ARGV[at]) then missing[#missing + 1] = ARGV[at] end
    local committed, held = read(ARGV[at])
    answer[#answer + 1] = committed
    answer[#answer + 1] = held
  end
  return #missing > 2 and missing or answer
end

local function fill(seq)
  local positions, counters = {}, 5 + 2 * tonumber(ARGV[4])
  for at = 5, counters - 1, 2 do positions[ARGV[at]] = tonumber(ARGV[at + 1]) end
  local behind = { 'behind', seq }
  local unshipped = redis.call('HGETALL', under('unshipped'))
  for at = 1, #unshipped, 2 do
    if (positions[unshipped[at]] or 0) < tonumber(unshipped[at + 1]) then behind[#behind + 1] = unshipped[at] end
  end
  if #behind > 2 then return behind end
  for at = counters, #ARGV, 2 do
    if isMissing(ARGV[at]) then
      local committed, held = read(ARGV[at])
      write(ARGV[at], plus(committed, ARGV[at + 1]), held, '')
    end
  end
  return { 'ok', seq }
end
