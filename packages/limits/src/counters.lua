-- Every change to the limit counters of one organisation. Each call is atomic. `amounts.lua`, `residents.lua` and `holds.lua`
-- are put in front of it.
--
-- KEYS[1] is a hash with the state of the current epoch: its name, the sequence number, when admission opens, the ledger's
-- cursors and revision it began with, which owners have reported and which are awaited. Counters and holds are under
-- KEYS[1]:<epoch>, so a new epoch starts empty. An owner is a spool; a holder is a process that has that spool.
--
-- ARGV: op, epoch, highest sequence number the caller has seen, then by op:
--   past        last
--               Ids of the holds that an epoch would carry if it began now; none if no epoch would begin.
--   begin       gatherMs, owner, aliveMs, cursors, last, revision, nearMs, notBefore, k, k near owners awaited, n, n other
--               owners awaited, m, m ended ids, l, l limits in demand, (counter, committed)*
--               Begins an epoch, unless the current one is not older than `last`. The name starts with the time of this
--               Redis. The holds of the epoch before are carried into it, except those of calls that the ledger has (ended).
--               Admission opens when all awaited owners have reported, but not before the time `notBefore`. Near owners
--               have their spool on the caller's machine, so they will report: they are awaited for nearMs, others for gatherMs.
--   contribute  owner, holder, position, (counter, amount)*
--               Adds, once per owner, the usage in the owner's spool that the cursors do not cover. Releases the owner's
--               carried holds and the holds of its earlier processes: those calls have ended and are part of that usage.
--   seed        revision, owner, position, k, k limits in demand, (counter, committed)*
--               Sets counters that do not exist yet.
--   read        counter*
--               Committed and held of each; `unread` and the missing ones if there are any.
--   fill        n, n times (owner, position), (counter, committed)*
--               Adds missing counters as the ledger has them when it has each spool up to these positions. `behind` and the owners if
--               it lacks usage of a missing counter.
--   hold        id, deadline, holder, manner, about, (counter, unit, mode, amount, cap, resetsAt)*
--               Makes a hold, or raises the one with this id to these amounts. Manner: asked (checked against the caps, and
--               ignored when it was asked for more than 1.5 seconds ago, because the caller has given up; `unread` and the missing
--               counters if there are any), forced (not
--               checked), copied (forced on behalf of a process that has exited; ignored if its owner has contributed).
--               `about` describes the call for the process that may have to record it.
--   end         id, how, usd, tokens, requests, owner, position
--               Releases a hold. How: settle (commits usd and tokens), estimate (commits what was held), void.
--   owned       prefix, holder
--               Holds whose holder starts with `prefix`, except those of `holder`; each as id, deadline, JSON.
--   due         now
--               Holds past their deadline, as above.

-- From asking for a hold to its deadline.
local HOLD_MS = 600000
local LATE_MS = 1500

if op == 'past' then
  local known = redis.call('HGET', state, 'epoch')
  if known and known >= ARGV[4] then return {} end
  local past = known or redis.call('GET', state .. ':past')
  return past and redis.call('ZRANGE', state .. ':' .. past .. ':holds', 0, -1) or {}
end

if op == 'begin' then
  local known = redis.call('HMGET', state, 'epoch', 'cursors', 'seq')
  local now = nowMs()
  if known[1] and known[1] >= ARGV[8] then
    gatherAgain(tonumber(string.sub(known[1], 1, 15)), now)
    return { 'ok', known[1], known[2], tonumber(known[3]) }
  end
  -- Redis was restored from a backup older than the caller's last epoch.
  redis.call('DEL', state)
  epoch = string.format('%015d', now) .. '-' .. epoch
  local near, others = tonumber(ARGV[12]), tonumber(ARGV[13 + tonumber(ARGV[12])])
  local othersUntil = now + tonumber(ARGV[4])
  redis.call('HSET', state, 'epoch', epoch, 'seq', 1, 'cursors', ARGV[7], 'revision', ARGV[9],
    'awaited', near + others, 'near', near, 'othersUntil', othersUntil, 'notBefore', ARGV[11], 'bounded', '1',
    'openAt', near > 0 and math.max(othersUntil, now + tonumber(ARGV[10])) or othersUntil)
  hasDemand, freshSince = nil, 0
  local awaited, ended = {}, {}
  for owner = 13, 12 + near do
    awaited[ARGV[owner]] = true
    redis.call('HSET', state, 'awaits:' .. ARGV[owner], 'near')
  end
  local at = 14 + near + others
  for owner = 14 + near, at - 1 do
    awaited[ARGV[owner]] = true
    redis.call('HSET', state, 'awaits:' .. ARGV[owner], 1)
  end
  local limits = at + 1 + tonumber(ARGV[at])
  for id = at + 1, limits - 1 do ended[ARGV[id]] = true end
  local counters = limits + 1 + tonumber(ARGV[limits])
  for limit = limits + 1, counters - 1 do demand(ARGV[limit], now + SKEW_MS) end
  for at = counters, #ARGV, 2 do write(ARGV[at], ARGV[at + 1], '0', '') end
  local past = known[1] or redis.call('GET', state .. ':past')
  redis.call('DEL', state .. ':past')
  if past then carry(past, awaited, ended) end
  return { 'ok', epoch, ARGV[7], 1 }
end

local known = redis.call('HMGET', state, 'epoch', 'seq', 'openAt', 'bounded')
if known[1] ~= epoch then return { 'lost' } end
-- Redis was restored, or a replica that missed some writes was promoted.
-- Or the epoch is from an earlier version, whose counters do not say what they contain.
if tonumber(known[2]) < tonumber(ARGV[3]) or not known[4] then
  abandon()
  return { 'lost' }
end

if op == 'read' then return readAll(tonumber(known[2])) end

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
    for at = 7, #ARGV, 2 do
      if isMissing(ARGV[at]) then
        unship(ARGV[4], ARGV[6])
      else
        local committed, held = read(ARGV[at])
        write(ARGV[at], plus(committed, ARGV[at + 1]), held, '')
        redis.call('HSET', under('counter:' .. ARGV[at]), 'at:' .. ARGV[4], ARGV[6])
      end
    end
    for _, id in ipairs(redis.call('ZRANGE', under('holds'), 0, -1)) do
      local found = redis.call('GET', under('hold:' .. id))
      local hold = found and cjson.decode(found)
      if hold and ownerIn(hold.holder) == ARGV[4] and (hold.carried or hold.holder ~= ARGV[5]) then release(id, hold) end
    end
  end
  local awaits = redis.call('HGET', state, 'awaits:' .. ARGV[4])
  if awaits then
    redis.call('HDEL', state, 'awaits:' .. ARGV[4])
    -- When all have reported, admission opens. When the near ones have, the others are awaited for their time only.
    local opensAt
    if redis.call('HINCRBY', state, 'awaited', -1) == 0 then opensAt = nowMs()
    elseif awaits == 'near' and redis.call('HINCRBY', state, 'near', -1) == 0 then
      opensAt = tonumber(redis.call('HGET', state, 'othersUntil'))
    end
    local notBefore = tonumber(redis.call('HGET', state, 'notBefore') or 0)
    if opensAt then redis.call('HSET', state, 'openAt', math.max(opensAt, notBefore)) end
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
  local counters = 8 + tonumber(ARGV[7])
  for limit = 8, counters - 1 do
    if redis.call('SISMEMBER', under('demand'), ARGV[limit]) == 0 then
      demand(ARGV[limit], nowMs() + SKEW_MS)
      unship(ARGV[5], ARGV[6])
    end
  end
  -- Existing counters stay as they are: the ledger may have calls whose holds are not settled yet.
  for at = counters, #ARGV, 2 do
    if redis.call('EXISTS', under('counter:' .. ARGV[at])) == 0 then write(ARGV[at], ARGV[at + 1], '0', '') end
  end
  return { 'ok', seq }
end

if op == 'fill' then return fill(seq) end

if op == 'hold' then
  local id, forced = ARGV[4], ARGV[7] ~= 'asked'
  if ARGV[7] == 'copied' and redis.call('HEXISTS', state, 'joined:' .. ownerIn(ARGV[6])) == 1 then return { 'ok', seq } end
  local now = nowMs()
  if not forced and now > tonumber(ARGV[5]) - HOLD_MS + LATE_MS then return { 'late', seq } end
  local waitMs = tonumber(known[3]) - now
  if not forced and waitMs > 0 then return { 'wait', seq, waitMs } end
  local missing = { 'unread', seq }
  if hasDemand and not forced then
    for at = 9, #ARGV, 6 do
      if isMissing(ARGV[at]) then missing[#missing + 1] = ARGV[at] end
    end
    if #missing > 2 then return missing end
  end
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
    -- The same rule as `isOver`. A hold that is raised is checked for the difference only.
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
      write(entry.counter, answer[index * 2 + 1], answer[index * 2 + 2], entry.resetsAt, isMissing(entry.counter))
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
  -- Its owner has not contributed yet, and the contribution will include this call: do not count it twice.
  if hold.carried and how == 'settle' then how = 'void' end
  redis.call('DEL', under('hold:' .. id))
  redis.call('ZREM', under('holds'), id)
  for _, entry in ipairs(hold.entries) do
    local committed, held = read(entry.counter)
    local used = '0'
    if how ~= 'void' then
      if entry.unit == 'requests' then used = how == 'estimate' and entry.amount or ARGV[8] or '1'
      elseif entry.unit == 'concurrent' then used = '0'
      elseif how == 'estimate' then used = entry.amount
      elseif entry.unit == 'tokens' then used = ARGV[7]
      elseif ARGV[6] == '' then used = entry.amount
      else used = ARGV[6] end
    end
    -- The ledger's amount will have it, when the ledger has the spool so far.
    local isUnread = isMissing(entry.counter)
    if isUnread and used ~= '0' then
      unship(ARGV[9], ARGV[10])
      used = '0'
    end
    write(entry.counter, plus(committed, used), minus(held, entry.amount), entry.resetsAt, isUnread)
    if used ~= '0' then
      redis.call('HSET', under('counter:' .. entry.counter), 'at:' .. ARGV[9], ARGV[10], 'usedAt', string.format('%.0f', nowMs()))
    end
  end
  return { 'ok', seq }
end

return redis.error_reply('no such operation: ' .. op)
