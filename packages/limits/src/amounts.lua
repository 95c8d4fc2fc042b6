-- Amounts are decimal texts, because a double is not exact beyond 2^53. They are computed in two parts: billions and the rest.

local BILLION = 1000000000

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
