// SPDX-License-Identifier: Apache-2.0
//
// Reads attempts from JSON lines, one object a line, sorted by t:
//   {"t":12.3,"e":"attempt","id":7,"ip":"203.0.113.9"}    also e: ack, active, dead, close (without ip)
//   {"t":12.7,"e":"media","id":7,"media":"rtp_out"}       a kind of media came that had not come before
//   optional on any line: "waiting_on":"node|peer|path", "alive":true|false,
//   "media":"rtp_in,rtp_out,data_in,data_out" (what has come so far) or "none". Of an attempt without any
//   "media" it is not known which it carried.
// Strict: every mistake is an error that names line and column, counted from 1, also what cannot have
// happened to an attempt: anything twice, or after its close, or dead before active. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "attempt/attempt_event.h"
#include "base/result.h"

namespace candor {

// One line as it stands.
struct TraceLine {
  double t = 0;
  AttemptEvent::Kind kind = AttemptEvent::Kind::kOffered;
  uint64_t id = 0;
  IpAddress ip{};
  std::optional<WaitingOn> waiting_on;
  std::optional<bool> alive;
  std::optional<uint8_t> media;  // MediaBits
};

// The error's message begins with "column N: ".
Result<TraceLine> ParseTraceLine(std::string_view line);

// What was told of each attempt, in blocks: attempts of a trace are numbered densely, and a trace may hold
// millions.
class AttemptHistories {
 public:
  enum Told : uint8_t { kOffered = 1, kAcked = 2, kActive = 4, kDead = 8, kClosed = 16 };  // bits
  // 0: nothing yet. Good until the next call.
  uint8_t& Of(uint64_t id);

 private:
  static constexpr uint64_t kAttempts = 64;
  using Block = std::array<uint8_t, kAttempts>;
  std::unordered_map<uint64_t, Block> blocks_;
  uint64_t last_number_ = UINT64_MAX;
  Block* last_ = nullptr;
};

class TraceReader {
 public:
  // Times are `epoch` + t; `in` outlives the reader.
  TraceReader(std::istream& in, Time epoch) : in_(in), epoch_(epoch) {}

  // The next event; nullopt at the end.
  Result<std::optional<AttemptEvent>> Next();

 private:
  struct Known {  // of an attempt whose lines say who owes, whether the peer is alive or what it carries
    WaitingOn waiting_on = WaitingOn::kNone;
    std::optional<bool> alive;
    std::optional<uint8_t> media;
  };
  Result<AttemptEvent> ToEvent(const TraceLine& line);
  tl::unexpected<Error> AtLine(const std::string& message) const;

  std::istream& in_;
  Time epoch_;
  std::string text_;
  uint64_t line_ = 0;
  double last_t_ = 0;
  AttemptHistories histories_;
  std::unordered_map<uint64_t, Known> known_;
};

}  // namespace candor
