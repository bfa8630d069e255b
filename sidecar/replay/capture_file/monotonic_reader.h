// SPDX-License-Identifier: Apache-2.0
//
// A capture's packets on a clock that never runs backwards, whatever the file's stamps do. Captures have
// stamps that are out of order by a little (several interfaces or queues), single ones that are nonsense
// (a writer's mistake, a damaged byte) and clocks that were set while they ran. What is done with each:
//
//   an invalid stamp (a fraction of a second of 1 s or more; a time outside 1970 to 2200)
//                     pcap: its second counts and its fraction does not; pcapng: the packet before it's time
//   up to kStep early the packet takes the time of the one before it ("late")
//   outliers            more than kStep early or ahead, and one of the next kLookAhead packets is not: the
//   same.
//                     A first packet that all of the next kLookAhead disagree with takes their time.
//   set back          more than kStep early, and the next kLookAhead packets go on from there: so does time,
//   and
//                     what was set back is added to all later stamps
//   anything else     silence, as long as the stamps say
//
// Each is counted, with the number of the first such packet (from 1, as tcpdump and Wireshark count).
// Bounded: at most kLookAhead packets (256 KiB each) are read ahead, and only around a step. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "replay/capture_file/capture_reader.h"

namespace candor {

// `first` is the number of the first packet concerned, 0 when `count` is.
struct TimestampFault {
  uint64_t count = 0;
  uint64_t first = 0;
  Duration most{};  // by how much at most
};

struct TimestampFaults {
  TimestampFault invalid;  // `most` is not set
  TimestampFault late;
  TimestampFault outliers;
  TimestampFault clock_set_back;
  TimestampFault gaps;  // silences of more than kLongGap, kept
};

class MonotonicReader {
 public:
  static constexpr Duration kStep = std::chrono::seconds(10);
  static constexpr Duration kLongGap = std::chrono::hours(24);
  static constexpr size_t kLookAhead = 16;

  explicit MonotonicReader(CaptureReader reader) : reader_(std::move(reader)) {}

  // As CaptureReader::Next(), with a time that is never before that of the packet before. An error comes
  // when all that was whole has been handed out.
  Result<bool> Next(CapturedPacket* packet);

  const CaptureReader& reader() const { return reader_; }
  const TimestampFaults& faults() const { return faults_; }

 private:
  struct Held {
    CapturedPacket packet;
    std::vector<uint8_t> bytes;  // what packet.bytes points to
  };

  Result<bool> Pull(CapturedPacket* packet);
  void ReadAhead(CapturedPacket* packet);
  Time Shifted(Time stamp) const;
  Time Correct(CapturedPacket* packet);
  Time CorrectFirst(CapturedPacket* packet, Time stamp);
  Time CorrectEarly(CapturedPacket* packet, Time stamp);
  Time CorrectAhead(CapturedPacket* packet, Time stamp);
  // How many of the packets read ahead have a time in [from, to).
  size_t Between(Time from, Time to) const;
  bool GoesOnFrom(Time stamp) const;
  void Note(TimestampFault* fault, Duration by) const;

  CaptureReader reader_;
  std::deque<Held> ahead_;
  Held current_;
  bool ended_ = false;
  std::optional<Error> damage_;
  TimestampFaults faults_;
  Duration shift_{};  // added to every stamp
  Time last_{};
  uint64_t number_ = 0;  // of the packet handed out last
};

}  // namespace candor
