// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/trace_reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;
using History = AttemptHistories;

constexpr double kTolerance = 1e-6;  // seconds of disorder

Phase PhaseOf(Kind kind) {
  if (kind == Kind::kOffered) return Phase::kOffered;
  // Media may come before both sides have sent some.
  return kind == Kind::kAcknowledged || kind == Kind::kMedia ? Phase::kAnswered : Phase::kActive;
}

History::Event Bit(Kind kind) {
  switch (kind) {
    case Kind::kAcknowledged:
      return History::kAcked;
    case Kind::kActive:
      return History::kActive;
    case Kind::kDead:
      return History::kDead;
    case Kind::kClosed:
      return History::kClosed;
    case Kind::kOffered:
    case Kind::kMedia:  // any number of times
    case Kind::kRunning:
    case Kind::kReported:
    case Kind::kWaitingOn:  // not in a trace
      break;
  }
  return History::kOffered;
}

// Why `kind` cannot follow the events of `history` of attempt {}; nullptr: it can.
const char* Impossible(Kind kind, uint8_t history) {
  const auto had = [&](History::Event e) { return (history & e) != 0; };
  if (kind == Kind::kOffered) return history != 0 ? "a second attempt with id {}" : nullptr;
  if (history == 0) return "no attempt with id {} came before";
  if (had(History::kClosed)) return "attempt {} was closed before";
  if (had(History::kDead) && kind != Kind::kClosed) return "attempt {} died before";
  if (kind == Kind::kAcknowledged) {
    if (had(History::kActive)) return "attempt {} was active before this ack";
    return had(History::kAcked) ? "a second ack of attempt {}" : nullptr;
  }
  if (kind == Kind::kActive) return had(History::kActive) ? "attempt {} was active before" : nullptr;
  const bool never_active = kind == Kind::kDead && !had(History::kActive);
  return never_active ? "attempt {} dies without having been active" : nullptr;
}

}  // namespace

uint8_t& AttemptHistories::Of(uint64_t id) {
  if (last_ == nullptr || last_number_ != id / kAttempts) {
    last_number_ = id / kAttempts;
    last_ = &blocks_[last_number_];  // values of an unordered_map stay where they are
  }
  return (*last_)[id % kAttempts];
}

tl::unexpected<Error> TraceReader::AtLine(const std::string& message) const {
  return Fail(fmt::format("line {}, {}", line_, message));
}

Result<std::optional<AttemptEvent>> TraceReader::Next() {
  if (!std::getline(in_, text_)) {
    if (in_.bad()) return AtLine("column 1: cannot read on");
    return std::optional<AttemptEvent>{};
  }
  ++line_;
  const auto line = ParseTraceLine(text_);
  if (!line) return AtLine(line.error().message);
  auto event = ToEvent(*line);
  if (!event) return AtLine("column 1: " + event.error().message);
  return std::optional<AttemptEvent>(*event);
}

Result<AttemptEvent> TraceReader::ToEvent(const TraceLine& line) {
  if (line.t < last_t_ - kTolerance) {
    return Fail(fmt::format("t = {} after t = {}: lines must be in order of time", line.t, last_t_));
  }
  last_t_ = std::max(last_t_, line.t);
  uint8_t& history = histories_.Of(line.id);
  if (const char* why = Impossible(line.kind, history)) return Fail(fmt::format(fmt::runtime(why), line.id));
  history = static_cast<uint8_t>(history | Bit(line.kind));
  AttemptEvent e;
  e.kind = line.kind;
  e.at = epoch_ + FromSeconds(line.t);
  e.id = line.id;
  e.peer = line.ip;
  e.phase = PhaseOf(line.kind);
  AddOptional(line, &e);
  if (line.kind == Kind::kDead) e.outcome = Outcome::kEarlyDrop;
  if (line.kind == Kind::kClosed) e.outcome = Outcome::kLeft, optional_.erase(line.id);
  return e;
}

void TraceReader::AddOptional(const TraceLine& line, AttemptEvent* e) {
  e->media_known = false;
  if (line.waiting_on || line.alive || line.media || line.lost) {
    Optional& o = optional_[line.id];
    if (line.media) o.media = static_cast<uint8_t>(o.media.value_or(0) | *line.media);
    if (line.waiting_on) o.waiting_on = *line.waiting_on;
    if (line.alive) o.alive = line.alive;
    if (line.lost) o.lost = *line.lost;
    const bool begins = line.kind == AttemptEvent::Kind::kOffered;
    if (begins && line.lost && *line.lost) o.at_socket = line.lost->direction == CANDOR_OUT;
  }
  const auto found = optional_.find(line.id);
  if (found == optional_.end()) return;
  Optional& o = found->second;
  const bool reached =
      line.kind == AttemptEvent::Kind::kAcknowledged || line.kind == AttemptEvent::Kind::kActive;
  o.at_socket = o.at_socket || reached;
  if (line.kind == AttemptEvent::Kind::kActive) o.lost = {};
  e->waiting_on = o.waiting_on;
  e->peer_alive = o.alive;
  e->media_known = o.media.has_value();
  e->media = o.media.value_or(0);
  e->lost = o.lost;
  e->at_socket = o.at_socket;
}

}  // namespace candor
