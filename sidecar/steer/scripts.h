// SPDX-License-Identifier: Apache-2.0
//
// What Redis runs for steering, each script in one piece (EVAL). Written for Redis 5 and later. Tested in
// tests/steer/redis_store_test.cc.
#pragma once

namespace candor::steer {

// The hash of claims: node id -> "since expires region", times in ms of Redis's own clock.
inline constexpr const char* kSteeredKey = "candor:steered";

// KEYS: kSteeredKey. ARGV: id, region, ms that a grant lasts, share of nodes that must serve, then for each
// fresh node of the region its id and 1 if it says SERVING, else 0. Answers {granted, nodes, left, needed}.
// Claims are served in the order in which they were made first; one beyond what may be missing is taken back.
// Nodes whose claim is in force count as nodes even where their row no longer looks fresh.
inline constexpr const char* kClaimScript = R"lua(
if redis.replicate_commands then redis.replicate_commands() end
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local me, region, lasts, share = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local serves, nodes = {}, 0
for i = 5, #ARGV, 2 do
  if serves[ARGV[i]] == nil then nodes = nodes + 1 end
  serves[ARGV[i]] = ARGV[i + 1] == '1'
end
local since, newest, others = nil, 0, {}
local claims = redis.call('HGETALL', KEYS[1])
for i = 1, #claims, 2 do
  local id = claims[i]
  local from, expires, of = string.match(claims[i + 1], '^(%d+) (%d+) (.*)$')
  if not from or tonumber(expires) <= now then
    redis.call('HDEL', KEYS[1], id)
  elseif of == region then
    newest = math.max(newest, tonumber(from))
    if id == me then since = tonumber(from) else others[id] = tonumber(from) end
  end
end
since = since or math.max(now, newest + 1)
if serves[me] == nil then nodes = nodes + 1 end
serves[me] = false
local before, claimed = 0, 0
for id, from in pairs(others) do
  if serves[id] == nil then nodes = nodes + 1 end
  serves[id] = false
  claimed = claimed + 1
  if from < since then before = before + 1 end
end
local left = 0
for _, serving in pairs(serves) do if serving then left = left + 1 end end
local needed = math.ceil(share * nodes - 0.000001)
local granted = left + (claimed - before) >= needed
if granted then
  redis.call('HSET', KEYS[1], me, string.format('%.0f %.0f %s', since, now + lasts, region))
  redis.call('PEXPIRE', KEYS[1], lasts * 10)
else
  redis.call('HDEL', KEYS[1], me)
end
return {granted and 1 or 0, nodes, left, needed}
)lua";

// KEYS: the hash of nodes, kSteeredKey. ARGV: id, the row as it was seen, the row that is wanted, 1 if only
// while the claim of the id is in force, else 0. Answers 1, or 0: nothing was changed.
inline constexpr const char* kReplaceScript = R"lua(
if redis.replicate_commands then redis.replicate_commands() end
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
if ARGV[4] == '1' then
  local clock = redis.call('TIME')
  local claim = redis.call('HGET', KEYS[2], ARGV[1])
  local expires = claim and string.match(claim, '^%d+ (%d+) ')
  if not expires or tonumber(expires) <= clock[1] * 1000 then return 0 end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
)lua";

}  // namespace candor::steer
