// SPDX-License-Identifier: Apache-2.0
//
// Reads the attempts of a trace: lines as trace_line.h describes them, sorted by t. An attempt without any
// "media" is one whose media are not known. An event that cannot follow the earlier ones of its attempt is an
// error: any twice, any after its close, dead before active. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <unordered_map>

#include "attempt/attempt_event.h"
#include "base/result.h"
#include "cli/offline/trace_line.h"

namespace candor {

// The events that each attempt has had, in blocks: the ids of a trace are dense, and there may be millions.
class AttemptHistories {
 public:
  enum Event : uint8_t { kOffered = 1, kAcked = 2, kActive = 4, kDead = 8, kClosed = 16 };  // bits
  // 0: none yet. Valid until the next call.
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

  // The next event; nullopt at the end. An error begins with "line N, column M: ", counted from 1.
  Result<std::optional<AttemptEvent>> Next();

 private:
  struct Optional {  // the optional fields of an attempt, as last set
    WaitingOn waiting_on = WaitingOn::kNone;
    std::optional<bool> alive;
    std::optional<uint8_t> media;
    LostReason lost{};
    bool at_socket = true;
  };
  Result<AttemptEvent> ToEvent(const TraceLine& line);
  void AddOptional(const TraceLine& line, AttemptEvent* e);
  tl::unexpected<Error> AtLine(const std::string& message) const;

  std::istream& in_;
  Time epoch_;
  std::string text_;
  uint64_t line_ = 0;
  double last_t_ = 0;
  AttemptHistories histories_;
  std::unordered_map<uint64_t, Optional> optional_;
};

}  // namespace candor
