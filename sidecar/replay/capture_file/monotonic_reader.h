// SPDX-License-Identifier: Apache-2.0
//
// Packets of a capture with times that never decrease. Timestamps of captures are out of order by a little
// (several interfaces or queues), single ones are wrong (a writer's fault, a damaged byte), and clocks are
// set while a capture runs. The time of a packet, by its timestamp:
//
//   invalid     a fraction of 1 s or more, or outside of 1970 to 2200. pcap: its second without the fraction;
//               pcapng: the time of the packet before
//   late        up to kMaxReordering early: the time of the packet before
//   outlier     more than kMaxReordering early or ahead, and one of the next kLookAhead packets is not: the
//               time of the packet before. A first packet that the next kLookAhead all contradict takes the
//               time of the second.
//   set back    more than kMaxReordering early, and the next kLookAhead packets continue from there: the time
//               of the packet before; the difference is added to all later timestamps
//   otherwise   the timestamp: a gap is silence
//
// Each kind is counted, with the number of its first packet (from 1, as in tcpdump and Wireshark). Bounded:
// up to kLookAhead packets (of at most 256 KiB) are read ahead, after a step only. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "replay/capture_file/capture_reader.h"

namespace candor {

// `first`: the number of the first packet with this fault; 0 when `count` is 0.
struct TimestampFault {
  uint64_t count = 0;
  uint64_t first = 0;
  Duration most{};  // the largest deviation
};

struct TimestampFaults {
  TimestampFault invalid;  // `most` is not set
  TimestampFault late;
  TimestampFault outliers;
  TimestampFault clock_set_back;
  TimestampFault gaps;  // of more than kLongGap; the timestamps are kept
};

class MonotonicReader {
 public:
  static constexpr Duration kMaxReordering = std::chrono::seconds(10);
  static constexpr Duration kLongGap = std::chrono::hours(24);
  static constexpr size_t kLookAhead = 16;

  explicit MonotonicReader(CaptureReader reader) : reader_(std::move(reader)) {}

  // As CaptureReader::Next(), with a time that is not before that of the packet before. An error comes after
  // all complete packets.
  Result<bool> Next(CapturedPacket* packet);

  const CaptureReader& reader() const { return reader_; }
  const TimestampFaults& faults() const { return faults_; }

 private:
  struct Held {
    CapturedPacket packet;
    std::vector<uint8_t> bytes;  // packet.bytes points into it
  };

  Result<bool> Pull(CapturedPacket* packet);
  void ReadAhead(CapturedPacket* packet);
  Time Shifted(Time stamp) const;
  Time Correct(CapturedPacket* packet);
  Time CorrectFirst(CapturedPacket* packet, Time stamp);
  Time CorrectEarly(CapturedPacket* packet, Time stamp);
  Time CorrectAhead(CapturedPacket* packet, Time stamp);
  // The number of packets read ahead with a time in [from, to).
  size_t CountBetween(Time from, Time to) const;
  bool ContinuesFrom(Time stamp) const;
  void Note(TimestampFault* fault, Duration by) const;

  CaptureReader reader_;
  std::deque<Held> ahead_;
  Held current_;
  bool ended_ = false;
  std::optional<Error> damage_;
  TimestampFaults faults_;
  Duration shift_{};  // added to every timestamp
  Time last_{};
  uint64_t number_ = 0;  // of the last packet returned
};

}  // namespace candor
