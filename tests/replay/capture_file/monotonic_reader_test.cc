// SPDX-License-Identifier: Apache-2.0
#include "replay/capture_file/monotonic_reader.h"

#include <gtest/gtest.h>

#include "tests/replay/capture_bytes.h"

namespace candor {
namespace {

using namespace testing;  // capture_bytes.h

constexpr double kNow = 1790000000;

struct Stamp {
  double seconds;
  bool invalid = false;
};

struct Read {
  std::vector<double> times;
  std::vector<uint8_t> marks;  // each packet's first byte: which one it was
  TimestampFaults faults;
  std::string error;
};

// A pcap file whose packets are numbered and stamped so.
Bytes FileOf(const std::vector<Stamp>& stamps) {
  const Writer w;
  Bytes content = w.PcapHeader(kMicroMagic, 101);
  for (size_t i = 0; i < stamps.size(); ++i) {
    const auto micros = static_cast<uint64_t>(stamps[i].seconds * 1e6 + 0.5);
    const auto fraction = stamps[i].invalid ? 1000000 : static_cast<uint32_t>(micros % 1000000);
    content = content + w.PcapPacket(static_cast<uint32_t>(micros / 1000000), fraction,
                                     Bytes(20, static_cast<uint8_t>(i)));
  }
  return content;
}

Read ReadAll(const Bytes& content) {
  MonotonicReader reader(std::move(*CaptureReader::FromMemory("x.pcap", content)));
  Read out;
  CapturedPacket p;
  while (true) {
    const auto more = reader.Next(&p);
    if (!more) out.error = more.error().message;
    if (!more || !*more) break;
    out.times.push_back(SecondsOf(p.time));
    out.marks.push_back(p.bytes.front());
  }
  out.faults = reader.faults();
  return out;
}

Read ReadStamps(const std::vector<Stamp>& stamps) {
  Read out = ReadAll(FileOf(stamps));
  EXPECT_EQ(out.error, "");
  EXPECT_EQ(out.times.size(), stamps.size());
  EXPECT_TRUE(std::is_sorted(out.times.begin(), out.times.end())) << "time never runs backwards";
  for (size_t i = 0; i < out.marks.size(); ++i)
    EXPECT_EQ(out.marks[i], i) << "in the file's order, with its bytes";
  return out;
}

// `n` packets a tenth of a second apart.
std::vector<Stamp> Steady(double from, size_t n) {
  std::vector<Stamp> stamps;
  for (size_t i = 0; i < n; ++i) stamps.push_back({from + 0.1 * static_cast<double>(i)});
  return stamps;
}

TEST(MonotonicReader, KeepsValidTimes) {
  std::vector<Stamp> stamps = Steady(kNow, 20);
  for (const Stamp& s : Steady(kNow + 3600, 20)) stamps.push_back(s);  // an hour of silence
  const Read r = ReadStamps(stamps);
  for (size_t i = 0; i < stamps.size(); ++i) EXPECT_NEAR(r.times[i], stamps[i].seconds, 1e-5);
  for (const TimestampFault& f :
       {r.faults.invalid, r.faults.late, r.faults.outliers, r.faults.clock_set_back, r.faults.gaps})
    EXPECT_EQ(f.count, 0u);
}

TEST(MonotonicReader, OfAnInvalidTimestampOnlyTheSecondCounts) {
  std::vector<Stamp> stamps = Steady(kNow, 30);
  stamps[12].invalid = true;  // 1.2 s: between 1.1 and 1.3
  const Read r = ReadStamps(stamps);
  EXPECT_NEAR(r.times[12], kNow + 1.1, 1e-5)
      << "not before its predecessor, and its successors keep their times";
  EXPECT_NEAR(r.times[13], kNow + 1.3, 1e-5);
  EXPECT_EQ(r.faults.invalid.count, 1u);
  EXPECT_EQ(r.faults.invalid.first, 13u) << "as Wireshark numbers it";
  EXPECT_EQ(r.faults.late.count, 0u);
}

TEST(MonotonicReader, ALatePacketTakesThePredecessorsTime) {
  std::vector<Stamp> stamps = Steady(kNow, 30);
  std::swap(stamps[4], stamps[7]);
  const Read r = ReadStamps(stamps);
  EXPECT_EQ(r.faults.late.count, 3u);
  EXPECT_EQ(r.faults.late.first, 6u);
  EXPECT_NEAR(Seconds(r.faults.late.most), 0.3, 1e-5);
}

TEST(MonotonicReader, OneOutlierDoesNotMoveOtherPackets) {
  for (const double off : {-kNow, -3600.0, 15.0, 4294.0, 86400.0 * 365 * 30}) {
    for (const size_t at : {size_t{0}, size_t{1}, size_t{15}, size_t{38}}) {
      std::vector<Stamp> stamps = Steady(kNow, 40);
      stamps[at].seconds += off;
      const Read r = ReadStamps(stamps);
      // A first packet of an hour before is silence, and one of decades before is outliers.
      if (at == 0 && off == -3600) continue;
      EXPECT_EQ(r.faults.outliers.count, 1u) << off << " at " << at;
      EXPECT_EQ(r.faults.outliers.first, at + 1);
      EXPECT_EQ(r.faults.clock_set_back.count + r.faults.gaps.count, 0u) << off << " at " << at;
      for (size_t i = 0; i < stamps.size(); ++i) {
        EXPECT_NEAR(r.times[i], kNow + 0.1 * static_cast<double>(i), 0.11)
            << off << " at " << at << ": " << i;
      }
    }
  }
}

TEST(MonotonicReader, ARunOfOutliersDoesNotMoveOtherPackets) {
  std::vector<Stamp> stamps = Steady(kNow, 60);
  for (size_t i = 20; i < 30; ++i) stamps[i].seconds += 1e8;
  const Read r = ReadStamps(stamps);
  EXPECT_EQ(r.faults.outliers.count, 10u);
  EXPECT_NEAR(r.times[30], kNow + 3.0, 1e-5);
}

TEST(MonotonicReader, TimeContinuesAfterAClockWasSetBack) {
  for (const double back : {11.0, 3600.0, 1e9}) {
    std::vector<Stamp> stamps = Steady(kNow, 30);
    for (const Stamp& s : Steady(kNow + 3.0 - back, 60)) stamps.push_back(s);
    const Read r = ReadStamps(stamps);
    EXPECT_EQ(r.faults.clock_set_back.count, 1u) << back;
    EXPECT_EQ(r.faults.clock_set_back.first, 31u) << back;
    EXPECT_NEAR(r.times.back(), kNow + 2.9 + 5.9, 1e-4) << "later packets keep their distances: " << back;
    EXPECT_EQ(r.faults.outliers.count + r.faults.late.count, 0u) << back;
  }
}

TEST(MonotonicReader, AClockThatJumpsAheadIsSilenceAndCounted) {
  std::vector<Stamp> stamps = Steady(100, 30);  // the machine had no clock at first
  for (const Stamp& s : Steady(kNow, 30)) stamps.push_back(s);
  const Read r = ReadStamps(stamps);
  EXPECT_NEAR(r.times[30], kNow, 1e-5);
  EXPECT_EQ(r.faults.gaps.count, 1u);
  EXPECT_EQ(r.faults.gaps.first, 31u);
}

TEST(MonotonicReader, TwoInterfacesWithClocksAnHourApartAreOutliers) {
  std::vector<Stamp> stamps = Steady(kNow, 60);
  for (size_t i = 1; i < stamps.size(); i += 2) stamps[i].seconds += 3600;
  const Read r = ReadStamps(stamps);
  EXPECT_NEAR(r.times.back() - r.times.front(), 5.9, 0.2);
}

TEST(MonotonicReader, APcapngPacketWithoutATimeHasThePredecessorsTime) {
  const Writer w;
  const Bytes seconds = w.Option(9, {0});
  Bytes content = w.Section() + w.Interface(101, 0, seconds);
  for (uint8_t i = 0; i < 30; ++i) {
    content = content + w.Enhanced(0, i == 9 ? ~uint64_t{0} : 1790000000u + i, Bytes(20, i));
  }
  const Read r = ReadAll(content);
  EXPECT_EQ(r.error, "");
  ASSERT_EQ(r.times.size(), 30u);
  EXPECT_EQ(r.times[9], kNow + 8);
  EXPECT_EQ(r.times[10], kNow + 10);
  EXPECT_EQ(r.faults.invalid.count, 1u);
  EXPECT_EQ(r.faults.invalid.first, 10u);
}

TEST(MonotonicReader, PacketsReadAheadComeBeforeTheDamage) {
  Bytes content = FileOf({{kNow}, {kNow + 100}, {kNow + 100.1}});
  content.resize(content.size() - 1);
  const Read r = ReadAll(content);
  EXPECT_EQ(r.times.size(), 2u);
  EXPECT_NE(r.error.find("at byte "), std::string::npos);
}

}  // namespace
}  // namespace candor
