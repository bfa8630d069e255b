// SPDX-License-Identifier: Apache-2.0
#include "replay/capture_file/monotonic_reader.h"

#include <algorithm>

namespace candor {
namespace {

// The latest time of a framing (pcapng_time.h): sums with durations do not overflow 64 bits.
constexpr Time kLatest{std::chrono::seconds(7258118400)};

}  // namespace

Result<bool> MonotonicReader::Next(CapturedPacket* packet) {
  auto more = Pull(packet);
  if (!more || !*more) return more;
  ++number_;
  const Time time = Correct(packet);
  packet->time = last_ = std::max(time, last_);
  return true;
}

Result<bool> MonotonicReader::Pull(CapturedPacket* packet) {
  if (!ahead_.empty()) {
    current_ = std::move(ahead_.front());
    ahead_.pop_front();
    *packet = current_.packet;
    return true;
  }
  if (damage_) return tl::make_unexpected(*damage_);
  if (ended_) return false;
  auto more = reader_.Next(packet);
  if (!more) damage_ = more.error();
  ended_ = !more || !*more;
  return more;
}

// `packet` stays valid: its bytes are copied before more are read.
void MonotonicReader::ReadAhead(CapturedPacket* packet) {
  if (ahead_.size() == kLookAhead || ended_) return;
  if (packet->bytes.data() != current_.bytes.data()) {
    current_.bytes.assign(packet->bytes.begin(), packet->bytes.end());
    packet->bytes = current_.bytes;
  }
  while (ahead_.size() < kLookAhead && !ended_) {
    CapturedPacket next;
    const auto more = reader_.Next(&next);
    if (!more) damage_ = more.error();
    ended_ = !more || !*more;
    if (ended_) return;
    Held& held = ahead_.emplace_back();
    held.bytes.assign(next.bytes.begin(), next.bytes.end());
    held.packet = next;
    held.packet.bytes = held.bytes;
  }
}

Time MonotonicReader::Shifted(Time stamp) const {
  return stamp > kLatest - shift_ ? kLatest : stamp + shift_;
}

size_t MonotonicReader::CountBetween(Time from, Time to) const {
  const auto in = [&](const Held& h) {
    const Time t = Shifted(h.packet.time);
    return t >= from && t < to;
  };
  return static_cast<size_t>(std::count_if(ahead_.begin(), ahead_.end(), in));
}

// Whether the next kLookAhead packets continue from `stamp`, each from its predecessor's time and none from
// the time before the step.
bool MonotonicReader::ContinuesFrom(Time stamp) const {
  for (const Held& h : ahead_) {
    const Time t = Shifted(h.packet.time);
    const bool on_old_clock = t > stamp + kMaxReordering && t >= last_ - kMaxReordering;
    if (t < stamp - kMaxReordering || on_old_clock) return false;
    stamp = t;
  }
  return ahead_.size() == kLookAhead;
}

void MonotonicReader::Note(TimestampFault* fault, Duration by) const {
  if (fault->count++ == 0) fault->first = number_;
  fault->most = std::max(fault->most, by);
}

Time MonotonicReader::Correct(CapturedPacket* packet) {
  if (packet->invalid_timestamp) Note(&faults_.invalid, {});
  const Time stamp = Shifted(packet->time);
  if (number_ == 1) return CorrectFirst(packet, stamp);
  if (stamp < last_) return CorrectEarly(packet, stamp);
  return stamp > last_ + kMaxReordering ? CorrectAhead(packet, stamp) : stamp;
}

Time MonotonicReader::CorrectFirst(CapturedPacket* packet, Time stamp) {
  ReadAhead(packet);
  if (ahead_.empty()) return stamp;
  const Time next = Shifted(ahead_.front().packet.time);
  if (packet->invalid_timestamp) return next;
  const bool in_future = ahead_.size() > 1 && CountBetween(Time{}, stamp - kMaxReordering) == ahead_.size();
  // A capture of few packets may have days between them; of 17, one alone is an outlier.
  const bool in_past =
      ahead_.size() == kLookAhead && CountBetween(stamp + kLongGap, Time::max()) == kLookAhead;
  if (!in_future && !in_past) return stamp;
  Note(&faults_.outliers, in_future ? stamp - next : next - stamp);
  return next;
}

Time MonotonicReader::CorrectEarly(CapturedPacket* packet, Time stamp) {
  const Duration by = last_ - stamp;
  // It lacks its fraction, and is early by less than a second for that.
  if (packet->invalid_timestamp && by < std::chrono::seconds(1)) return last_;
  if (by <= kMaxReordering) {
    Note(&faults_.late, by);
    return last_;
  }
  ReadAhead(packet);
  if (ContinuesFrom(stamp)) {
    Note(&faults_.clock_set_back, by);
    shift_ += by;
  } else {
    Note(&faults_.outliers, by);
  }
  return last_;
}

Time MonotonicReader::CorrectAhead(CapturedPacket* packet, Time stamp) {
  const Duration by = stamp - last_;
  ReadAhead(packet);
  // After the last packet nothing decides: it is an outlier when the capture had one before.
  const bool last_outlier = ahead_.empty() && faults_.outliers.count > 0;
  if (last_outlier || CountBetween(last_ - kMaxReordering, stamp - kMaxReordering) > 0) {
    Note(&faults_.outliers, by);
    return last_;
  }
  if (by > kLongGap) Note(&faults_.gaps, by);
  return stamp;
}

}  // namespace candor
