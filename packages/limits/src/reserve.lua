-- Every change of an organisation's counters, each call atomic. KEYS[1] is its state: epoch, seq, openAt, cursors, revision,
-- who has joined and who is awaited. All else lives under KEYS[1]:<epoch>, so that a new epoch begins with nothing.
--
-- ARGV: op, epoch, highest seq the caller has seen, then by op:
--   found       gatherMs, owner, aliveMs, cursors, last, revision, n, n owners awaited, (counter, committed)*
--               begins an epoch unless there is one not before the last; its name begins with the instant, by this clock.
--               Holds of the one before go on in it, but for those of owners awaited: these say what became of theirs
--   contribute  owner, holder, (counter, amount)*             adds what an owner knows beyond the cursors, once; what else
--               is held in its name has ended, and is in what it knows
--   seed        revision, (counter, committed)*               tells of counters that are not known yet
--   hold        id, deadline, holder, manner, about, (counter, unit, mode, amount, cap, resetsAt)*    manner is asked or
--               forced; about is kept for the process that may have to record the call;
--               an id that is held already has its hold raised to these amounts
--               one that was asked for 1.5 seconds ago makes nothing: its caller has given up
--   end         id, how, usd, tokens                          how is settle, estimate or void
--   owned       prefix, holder                                holds of holders so named, but of this one
--   due         now                                           holds past their deadline; each as id, deadline, JSON

local state, op, epoch = KEYS[1], ARGV[1], ARGV[2]
local BILLION = 1000000000
-- Long after the last window it may belong to; every write begins it anew.
local KEPT_MS = 100 * 86400000
local GRACE_MS = 3600000
-- A hold's deadline is so long after it was asked for.
local HOLD_MS = 600000
local LATE_MS = 1500
-- How long after an epoch began a process may still be a replacement for one that was awaited in it.
local REPLACED_MS = 30000

-- Amounts are decimal texts beyond what a double counts exactly: two of them, billions and the rest.
local function split(text)
  if #text <= 9 then return 0, tonumber(text) end
  return tonumber(string.sub(text, 1, -10)), tonumber(string.sub(text, -9))
end

local function join(high, low)
  if high == 0 then return string.format('%d', low) end
  return string.format('%d%09d', high, low)
end

local function plus(a, b)
  local ah, al = split(a)
  local bh, bl = split(b)
  local low = al + bl
  if low >= BILLION then return join(ah + bh + 1, low - BILLION) end
  return join(ah + bh, low)
end

local function minus(a, b)
  local ah, al = split(a)
  local bh, bl = split(b)
  local high, low = ah - bh, al - bl
  if low < 0 then high, low = high - 1, low + BILLION end
  if high < 0 then return '0' end
  return join(high, low)
end

local function exceeds(a, b)
  local ah, al = split(a)
  local bh, bl = split(b)
  return ah > bh or (ah == bh and al > bl)
end

local function under(name) return state .. ':' .. epoch .. ':' .. name end

local function read(counter)
  local found = redis.call('HMGET', under('counter:' .. counter), 'committed', 'held')
  return found[1] or '0', found[2] or '0'
end

local function write(counter, committed, held, resetsAt)
  local key = under('counter:' .. counter)
  redis.call('HSET', key, 'committed', committed, 'held', held)
  if resetsAt == '' then redis.call('PEXPIRE', key, KEPT_MS)
  else redis.call('PEXPIREAT', key, tonumber(resetsAt) + GRACE_MS) end
end

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
    write(entry.counter, committed, minus(held, entry.amount), entry.resetsAt)
  end
end

local function ownerOf(hold) return string.match(hold.holder, '^[^/]*') end

-- All that is held: who was heard of a moment ago may be lost all the same. Who is awaited holds anew for the calls under
-- way, and when it contributes, what is still marked as carried is of calls that have ended.
local function carry(past, awaited)
  local ids = redis.call('ZRANGE', state .. ':' .. past .. ':holds', 0, -1, 'WITHSCORES')
  for at = 1, #ids, 2 do
    local found = redis.call('GET', state .. ':' .. past .. ':hold:' .. ids[at])
    local hold = found and cjson.decode(found)
    if hold then
      hold.carried = awaited[ownerOf(hold)]
      for _, entry in ipairs(hold.entries) do
        local committed, held = read(entry.counter)
        write(entry.counter, committed, plus(held, entry.amount), entry.resetsAt)
      end
      keep(ids[at], ids[at + 1], hold)
    end
  end
end

-- The epoch ends; the next one finds what is held in it.
local function abandon()
  redis.call('SET', state .. ':past', epoch, 'PX', KEPT_MS)
  redis.call('DEL', state)
end

-- When admission goes on is told by one clock, whatever those of the processes say.
local function nowMs()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- A process that started after the epoch replaces one that was to contribute and exited first. Whatever ended it may have
-- ended the other owners too: admission waits once more until they contribute.
local function gatherAgain(began, now)
  local isYoung = now - began < REPLACED_MS and now - tonumber(ARGV[6]) > began
  if not isYoung or redis.call('HEXISTS', state, 'awaits:' .. ARGV[5]) == 0 then return end
  local openAt = math.max(tonumber(redis.call('HGET', state, 'openAt')), now + tonumber(ARGV[4]))
  redis.call('HSET', state, 'openAt', openAt)
end

if op == 'found' then
  local known = redis.call('HMGET', state, 'epoch', 'cursors', 'seq')
  local now = nowMs()
  if known[1] and known[1] >= ARGV[8] then
    gatherAgain(tonumber(string.sub(known[1], 1, 15)), now)
    return { 'ok', known[1], known[2], tonumber(known[3]) }
  end
  -- Restored from before what the caller knows of: nothing of it holds.
  if known[1] then redis.call('DEL', state) end
  epoch = string.format('%015d', now) .. '-' .. epoch
  redis.call('HSET', state, 'epoch', epoch, 'seq', 1, 'openAt', now + tonumber(ARGV[4]), 'cursors', ARGV[7],
    'revision', ARGV[9], 'awaited', ARGV[10])
  local counters = 11 + tonumber(ARGV[10])
  local awaited = {}
  for at = 11, counters - 1 do
    awaited[ARGV[at]] = true
    redis.call('HSET', state, 'awaits:' .. ARGV[at], 1)
  end
  for at = counters, #ARGV, 2 do write(ARGV[at], ARGV[at + 1], '0', '') end
  local past = known[1] or redis.call('GET', state .. ':past')
  redis.call('DEL', state .. ':past')
  if past then carry(past, awaited) end
  return { 'ok', epoch, ARGV[7], 1 }
end

local known = redis.call('HMGET', state, 'epoch', 'seq', 'openAt')
if known[1] ~= epoch then return { 'lost' } end
-- It remembers less than it has told: it was restored, or a replica that had not heard all took over.
if tonumber(known[2]) < tonumber(ARGV[3]) then
  abandon()
  return { 'lost' }
end

if op == 'owned' or op == 'due' then
  local ids
  if op == 'due' then ids = redis.call('ZRANGEBYSCORE', under('holds'), '-inf', ARGV[4], 'WITHSCORES')
  else ids = redis.call('ZRANGE', under('holds'), 0, -1, 'WITHSCORES') end
  local wanted = { 'ok', tonumber(known[2]) }
  for at = 1, #ids, 2 do
    local id = ids[at]
    local hold = redis.call('GET', under('hold:' .. id))
    local holder = hold and cjson.decode(hold).holder
    if hold and (op == 'due' or (holder ~= ARGV[5] and string.sub(holder, 1, #ARGV[4]) == ARGV[4])) then
      wanted[#wanted + 1] = id
      wanted[#wanted + 1] = ids[at + 1]
      wanted[#wanted + 1] = hold
    end
  end
  return wanted
end

local seq = redis.call('HINCRBY', state, 'seq', 1)

if op == 'contribute' then
  if redis.call('HSETNX', state, 'joined:' .. ARGV[4], 1) == 1 then
    for at = 6, #ARGV, 2 do
      local committed, held = read(ARGV[at])
      write(ARGV[at], plus(committed, ARGV[at + 1]), held, '')
    end
    for _, id in ipairs(redis.call('ZRANGE', under('holds'), 0, -1)) do
      local found = redis.call('GET', under('hold:' .. id))
      local hold = found and cjson.decode(found)
      if hold and ownerOf(hold) == ARGV[4] and (hold.carried or hold.holder ~= ARGV[5]) then release(id, hold) end
    end
  end
  -- When everybody has told, there is nothing more to wait for.
  if redis.call('HDEL', state, 'awaits:' .. ARGV[4]) == 1 and redis.call('HINCRBY', state, 'awaited', -1) == 0 then
    redis.call('HSET', state, 'openAt', nowMs())
  end
  return { 'ok', seq }
end

if op == 'seed' then
  -- The ledger has corrected its amounts. The correction cannot be told apart from later spend, so the epoch is abandoned
  -- and its counters are rebuilt. An epoch without a revision, from an older version, is abandoned too.
  if tonumber(ARGV[4]) > tonumber(redis.call('HGET', state, 'revision') or '-1') then
    abandon()
    return { 'lost' }
  end
  -- What is known is left as it is: the ledger may have calls whose holds, a dead process's say, are yet to be settled.
  for at = 5, #ARGV, 2 do
    if redis.call('EXISTS', under('counter:' .. ARGV[at])) == 0 then write(ARGV[at], ARGV[at + 1], '0', '') end
  end
  return { 'ok', seq }
end

if op == 'hold' then
  local id, forced = ARGV[4], ARGV[7] == 'forced'
  local now = nowMs()
  if not forced and now > tonumber(ARGV[5]) - HOLD_MS + LATE_MS then return { 'late', seq } end
  local waitMs = tonumber(known[3]) - now
  if not forced and waitMs > 0 then return { 'wait', seq, waitMs } end
  local found = redis.call('GET', under('hold:' .. id))
  local before, about = {}, ARGV[8]
  local isCarried = false
  if found then
    local was = cjson.decode(found)
    isCarried = was.carried
    if about == '' then about = was.about end
    for _, entry in ipairs(was.entries) do before[entry.counter] = entry.amount end
  end
  local answer = { 'ok', seq }
  local entries = {}
  local isRaised = not found or isCarried
  for at = 9, #ARGV, 6 do
    local counter, amount, cap = ARGV[at], ARGV[at + 3], ARGV[at + 4]
    local committed, held = read(counter)
    local had = before[counter] or '0'
    local raise = minus(amount, had)
    if raise ~= '0' then isRaised = true else amount = found and had or amount end
    local used = plus(committed, held)
    -- As `isOver` says; a hold that is raised is checked for what is raised.
    local isOver = exceeds(plus(used, raise), cap) or not exceeds(cap, used)
    if found then isOver = raise ~= '0' and exceeds(plus(used, raise), cap) end
    if isOver and not forced and ARGV[at + 2] == 'block' then
      return { 'refused', seq, #entries, committed, held }
    end
    entries[#entries + 1] = { counter = counter, unit = ARGV[at + 1], amount = amount, resetsAt = ARGV[at + 5] }
    answer[#answer + 1] = committed
    answer[#answer + 1] = plus(held, raise)
  end
  if isRaised then
    for index, entry in ipairs(entries) do
      write(entry.counter, answer[index * 2 + 1], answer[index * 2 + 2], entry.resetsAt)
    end
    keep(id, ARGV[5], { holder = ARGV[6], about = about, entries = entries })
  end
  return answer
end

if op == 'end' then
  local id, how = ARGV[4], ARGV[5]
  local found = redis.call('GET', under('hold:' .. id))
  if not found then return { 'ok', seq } end
  local hold = cjson.decode(found)
  -- Its owner has yet to contribute, and what ended is in what it contributes: settled here too, it would count twice.
  if hold.carried and how == 'settle' then how = 'void' end
  redis.call('DEL', under('hold:' .. id))
  redis.call('ZREM', under('holds'), id)
  for _, entry in ipairs(hold.entries) do
    local committed, held = read(entry.counter)
    local used = '0'
    if how ~= 'void' then
      if entry.unit == 'requests' then used = '1'
      elseif entry.unit == 'concurrent' then used = '0'
      elseif how == 'estimate' then used = entry.amount
      elseif entry.unit == 'tokens' then used = ARGV[7]
      elseif ARGV[6] == '' then used = entry.amount
      else used = ARGV[6] end
    end
    write(entry.counter, plus(committed, used), minus(held, entry.amount), entry.resetsAt)
  end
  return { 'ok', seq }
end

return redis.error_reply('no such operation: ' .. op)
