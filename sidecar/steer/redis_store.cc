// SPDX-License-Identifier: Apache-2.0
#include "steer/redis_store.h"

#include <fmt/format.h>

#include <utility>

#include "steer/scripts.h"

namespace candor::steer {
namespace {

tl::unexpected<Error> Unexpected(const char* command) {
  return Fail(std::string("Redis answers ") + command + " with something else than expected");
}

}  // namespace

Result<Reply> RedisStore::Call(const std::vector<std::string>& words) {
  if (!connection_) {
    auto made = dialer_.Dial(MonotonicNow() + kDialLimit);
    if (!made) return tl::make_unexpected(made.error());
    connection_ = std::move(*made);
  }
  auto reply = connection_->Call(words, MonotonicNow() + kCallLimit);
  if (!reply) Drop();
  return reply;
}

Result<std::vector<HashField>> RedisStore::ReadNodes() {
  auto reply = Call({"HGETALL", kNodesKey});
  if (!reply) return tl::make_unexpected(reply.error());
  if (!reply->is(Reply::Kind::kList) || reply->items.size() % 2 != 0) return Unexpected("HGETALL");
  std::vector<HashField> out;
  for (size_t i = 0; i < reply->items.size(); i += 2)
    out.push_back({std::move(reply->items[i].text), std::move(reply->items[i + 1].text)});
  return out;
}

Result<std::optional<std::string>> RedisStore::ReadNode(const std::string& id) {
  auto reply = Call({"HGET", kNodesKey, id});
  if (!reply) return tl::make_unexpected(reply.error());
  if (reply->is(Reply::Kind::kNil)) return std::optional<std::string>();
  if (!reply->is(Reply::Kind::kText)) return Unexpected("HGET");
  return std::optional(std::move(reply->text));
}

Result<ClaimAnswer> RedisStore::Ask(const Claim& claim) {
  std::vector<std::string> words = {"EVAL", kClaimScript, "1", kSteeredKey, claim.id, claim.region};
  words.push_back(std::to_string(std::chrono::milliseconds(kClaimLasts).count()));
  words.push_back(fmt::format("{}", claim.min_serving_share));
  for (const Claim::Node& node : claim.fresh) {
    words.push_back(node.id);
    words.emplace_back(node.serving ? "1" : "0");
  }
  const auto reply = Call(words);
  if (!reply) return tl::make_unexpected(reply.error());
  if (reply->items.size() != 4) return Unexpected("EVAL");
  const auto figure = [&](size_t i) { return static_cast<uint32_t>(reply->items[i].integer); };
  return ClaimAnswer{figure(0) == 1, figure(1), figure(2), figure(3)};
}

Result<bool> RedisStore::Replace(const std::string& id, const std::string& seen, const std::string& wanted,
                                 bool claimed) {
  const auto reply =
      Call({"EVAL", kReplaceScript, "2", kNodesKey, kSteeredKey, id, seen, wanted, claimed ? "1" : "0"});
  if (!reply) return tl::make_unexpected(reply.error());
  if (!reply->is(Reply::Kind::kInteger)) return Unexpected("EVAL");
  return reply->integer == 1;
}

Result<void> RedisStore::Release(const std::string& id) {
  const auto reply = Call({"HDEL", kSteeredKey, id});
  if (!reply) return tl::make_unexpected(reply.error());
  return {};
}

}  // namespace candor::steer
