// SPDX-License-Identifier: Apache-2.0
#include "steer/steerer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace candor::steer {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kUsualInterval = seconds(2);  // of heartbeats, by default
constexpr Duration kAskEvery = seconds(1);       // while refused
constexpr Duration kRenewEvery = seconds(2);     // a grant; it lasts for kClaimLasts
constexpr Duration kLookWhenServing = seconds(2);
constexpr Duration kRehearseEvery = std::chrono::minutes(1);
constexpr Duration kLookAfterError = milliseconds(500);
// While not serving: seldom right after a heartbeat, often when the next one is due.
constexpr Duration kLook = milliseconds(100);
constexpr Duration kLookWhenDue = milliseconds(2);
constexpr Duration kLookWhenLate = milliseconds(10);
constexpr Duration kDueBefore = milliseconds(80);
constexpr Duration kDueAfter = milliseconds(100);
constexpr Duration kLateAfter = milliseconds(500);

// Where no node of so many may leave, whatever the others do; else empty. As the claims' script counts.
std::string NeverSteered(size_t nodes, double min_serving_share) {
  const double needed = std::ceil(min_serving_share * static_cast<double>(nodes) - 1e-6);
  if (needed <= static_cast<double>(nodes) - 1) return "";
  if (nodes <= 1) return "; it is the only one, so it is never steered";
  return fmt::format("; of {} nodes none may ever leave at min_serving_share {}: set {} or less on each",
                     nodes, min_serving_share, static_cast<double>(100 * (nodes - 1) / nodes) / 100);
}

}  // namespace

Steerer::Steerer(const SteerOptions& options, Addresses addresses, NodeStore& store)
    : options_(options), addresses_(std::move(addresses)), store_(store), interval_(kUsualInterval) {
  status_.state = SteerState::kStarting;
  status_.text = "Redis has not answered yet";
}

const SteerStatus& Steerer::Step(Time now, WallTime wall, bool serving) {
  serving_ = serving;
  if (serving) {
    StepServing(now, wall);
  } else {
    StepNotServing(now, wall);
  }
  return status_;
}

void Steerer::StepServing(Time now, WallTime wall) {
  if (!claimed_.empty()) {
    if (const auto done = store_.Release(claimed_); !done) return Failed(done.error(), wall);
    claimed_.clear();
  }
  granted_ = false;
  written_.clear();
  heartbeat_ = Time{};
  if (const auto found = Refresh(now, wall); !found) return Failed(found.error(), wall);
  if (!node_) return;
  Enter(SteerState::kReady, fmt::format("LiveKit's own word stands for node {}{}", node_->id, outlook_),
        wall);
}

Result<void> Steerer::Refresh(Time now, WallTime wall) {
  std::optional<std::string> message;
  if (node_) {
    auto row = store_.ReadNode(node_->id);
    if (!row) return tl::make_unexpected(row.error());
    message = std::move(*row);
    node_ = message ? ReadNodeRow(*message) : std::nullopt;
    if (node_ && !node_->FreshAt(wall)) node_.reset();
  }
  if (!node_) return Find(wall);
  if (rehearsed_ != Time{} && now - rehearsed_ < kRehearseEvery) return {};
  if (const auto done = Rehearse(*message); !done) return done;
  rehearsed_ = now;
  return Find(wall);  // with the number of nodes
}

void Steerer::StepNotServing(Time now, WallTime wall) {
  if (!node_) {
    if (const auto found = Find(wall); !found) return Failed(found.error(), wall);
    if (!node_) return;
  }
  const auto row = store_.ReadNode(node_->id);
  if (!row) return Failed(row.error(), wall);
  if (!Look(*row, now, wall)) return;
  const bool mine = !written_.empty() && seen_ == written_;
  if (!mine && !node_->serving() && options_.rooms == Rooms::kNew) {
    return Enter(SteerState::kNotReported, "LiveKit itself says that the node does not serve", wall);
  }
  // What is granted is rewritten at once, and asked for again afterwards: the script checks the grant.
  const bool first = !granted_;
  if (!first && !mine) {
    if (const auto done = Rewrite(seen_); !done) return Failed(done.error(), wall);
  }
  const Duration every = first ? kAskEvery : kRenewEvery;
  if (asked_ == Time{} || now - asked_ >= every) {
    if (const auto done = AskAgain(now, wall); !done) return Failed(done.error(), wall);
    if (granted_ && first && !mine) {
      if (const auto done = Rewrite(seen_); !done) return Failed(done.error(), wall);
    }
  }
  if (!granted_) return;
  const std::string what = options_.rooms == Rooms::kNew ? "no new rooms" : "no new rooms and participants";
  Enter(SteerState::kSteering,
        fmt::format("node {} gets {}: {} of {} nodes are left, {} must be", node_->id, what, status_.left,
                    status_.nodes, status_.needed),
        wall);
}

Result<void> Steerer::Find(WallTime wall) {
  const auto nodes = store_.ReadNodes();
  if (!nodes) return tl::make_unexpected(nodes.error());
  const auto addresses = !options_.node_ip.empty()  ? std::vector{options_.node_ip}
                         : options_.node_id.empty() ? addresses_()
                                                    : std::vector<std::string>();
  OwnNode own = FindOwnNode(*nodes, options_.node_id, addresses, wall);
  if (!own.row) {
    ForgetNode();
    Enter(SteerState::kNoNode, std::move(own.error), wall);
    return {};
  }
  if (!node_ || node_->id != own.row->id) rehearsed_ = Time{};
  node_ = std::move(own.row);
  outlook_ = NeverSteered(ClaimOf(*nodes, wall).fresh.size(), options_.min_serving_share);
  status_.node_id = node_->id;
  status_.region = node_->region;
  return {};
}

bool Steerer::Look(const std::optional<std::string>& message, Time now, WallTime wall) {
  const auto lost = [&](std::string text) {
    ForgetNode();
    Enter(SteerState::kNoNode, std::move(text), wall);
    return false;
  };
  // A LiveKit that starts removes the rows that look stale (its RemoveDeadNodes), and so one that `rooms:
  // all` has made look so: it is there again with the next heartbeat.
  const bool made_stale = options_.rooms == Rooms::kAll && !written_.empty() && heartbeat_ != Time{};
  if (!message && made_stale && now - heartbeat_ <= kFreshFor) return false;
  if (!message) return lost("this node's row is gone from Redis: LiveKit has ended");
  if (*message != seen_ || heartbeat_ == Time{}) {
    auto row = ReadNodeRow(*message);
    if (!row) return lost("this node's row in Redis is not a message of LiveKit 1.13");
    // The first look may come at any time of an interval.
    if (heartbeat_ != Time{})
      interval_ = std::clamp<Duration>(now - heartbeat_, milliseconds(200), seconds(4));
    heartbeat_ = now;
    ++status_.heartbeats;
    node_ = std::move(row);
    seen_ = *message;
    // A restarted LiveKit has another id; the old row stays until it is not fresh.
    if (!node_->FreshAt(wall)) return lost("LiveKit does not refresh this node's row: nobody chooses it");
    return true;
  }
  if (now - heartbeat_ > kFreshFor)
    return lost("LiveKit does not refresh this node's row: nobody chooses it");
  return true;
}

Claim Steerer::ClaimOf(const std::vector<HashField>& nodes, WallTime wall) const {
  const bool whole = options_.scope == Scope::kCluster;
  Claim claim{node_->id, whole ? "" : node_->region, options_.min_serving_share, {}};
  for (const HashField& field : nodes) {
    const auto row = ReadNodeRow(field.message);
    if (!row || !(row->id == node_->id || row->FreshAt(wall))) continue;
    if (whole || row->region == node_->region) claim.fresh.push_back({row->id, row->serving()});
  }
  return claim;
}

Result<void> Steerer::AskAgain(Time now, WallTime wall) {
  const auto nodes = store_.ReadNodes();
  if (!nodes) return tl::make_unexpected(nodes.error());
  const Claim claim = ClaimOf(*nodes, wall);
  if (!claimed_.empty() && claimed_ != node_->id) {
    // LiveKit has restarted under another id: the claim of the old one would count as a node that is missing.
    if (const auto done = store_.Release(claimed_); !done) return tl::make_unexpected(done.error());
    claimed_.clear();
  }
  asked_ = now;
  claimed_ = node_->id;  // also when no answer comes
  const auto answer = store_.Ask(claim);
  if (!answer) return tl::make_unexpected(answer.error());
  granted_ = answer->granted;
  status_.nodes = answer->nodes;
  status_.left = answer->left;
  status_.needed = answer->needed;
  if (granted_) return {};
  claimed_.clear();
  written_.clear();
  Enter(SteerState::kHeldBack,
        fmt::format(
            "the node must not serve and goes on serving: {} of {} nodes {}would be left without it, {} must "
            "be (steer.livekit.min_serving_share is {}){}",
            status_.left, status_.nodes,
            claim.region.empty() ? "" : fmt::format("of region {} ", claim.region), status_.needed,
            options_.min_serving_share, NeverSteered(status_.nodes, options_.min_serving_share)),
        wall);
  return {};
}

Result<void> Steerer::Rewrite(const std::string& message) {
  auto wanted = SteeredRow(message, options_.rooms);
  if (!wanted) return Fail("this node's row in Redis is not a message of LiveKit 1.13");
  const auto done = store_.Replace(node_->id, message, *wanted, true);
  if (!done) return tl::make_unexpected(done.error());
  if (!*done) {
    ++status_.overtaken;
    asked_ = Time{};  // or the claim has ended
    return {};
  }
  ++status_.rewrites;
  seen_ = written_ = std::move(*wanted);
  return {};
}

// Writes the row as it is: what steering needs is tried out before it is needed.
Result<void> Steerer::Rehearse(const std::string& message) {
  const auto done = store_.Replace(node_->id, message, message, false);
  if (!done) return tl::make_unexpected(done.error());
  return store_.Release(node_->id);
}

void Steerer::ForgetNode() {
  node_.reset();
  seen_.clear();
  written_.clear();
  heartbeat_ = Time{};
  interval_ = kUsualInterval;
  granted_ = false;  // the claim ends by itself, or is released once the node may serve
  asked_ = Time{};
  status_.node_id.clear();
}

void Steerer::Enter(SteerState state, std::string text, WallTime wall) {
  if (status_.state != state) {
    status_.since = std::chrono::time_point_cast<std::chrono::system_clock::duration>(wall);
  }
  status_.state = state;
  status_.text = std::move(text);
}

void Steerer::Failed(const Error& error, WallTime wall) {
  ++status_.errors;
  granted_ = false;
  asked_ = Time{};
  Enter(SteerState::kUnavailable,
        fmt::format("{}; {}LiveKit's own word stands", error.message,
                    serving_ ? "" : "the node must not serve, and "),
        wall);
}

Duration Steerer::UntilNextLook(Time now, bool notified) const {
  if (status_.state == SteerState::kUnavailable) return kLookAfterError;
  if (serving_) return kLookWhenServing;
  if (status_.state != SteerState::kSteering) return kLookAfterError;
  if (written_.empty() || seen_ != written_) return Duration::zero();  // a heartbeat was faster
  if (notified) return kLook;
  const Time due = heartbeat_ + interval_;
  if (now < due - kDueBefore) return std::min<Duration>(kLook, due - kDueBefore - now);
  return now < due + kDueAfter ? kLookWhenDue : now < due + kLateAfter ? kLookWhenLate : kLook;
}

void Steerer::LetGo() {
  if (!claimed_.empty()) std::ignore = store_.Release(claimed_);
  claimed_.clear();
}

}  // namespace candor::steer
