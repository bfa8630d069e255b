// SPDX-License-Identifier: Apache-2.0
#include "replay/capture_file/capture_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "tests/replay/capture_bytes.h"

namespace candor {
namespace {

using testing::Bytes;
using ::testing::HasSubstr;
using testing::Writer;
using namespace testing;  // the operators and magics of capture_bytes.h

struct Packet {
  uint64_t ns;
  uint16_t link_type;
  Bytes bytes;
  uint32_t wire;
  bool operator==(const Packet&) const = default;
};

struct Whole {
  std::vector<Packet> packets;
  std::string error;
  uint64_t lost = 0;
};

Whole ReadAll(Result<CaptureReader> reader) {
  Whole all;
  if (!reader) return {{}, reader.error().message, 0};
  CapturedPacket p;
  while (true) {
    const auto more = reader->Next(&p);
    if (!more) all.error = more.error().message;
    if (!more || !*more) break;
    all.packets.push_back(
        {NanosOf(p.time), p.link_type, Bytes(p.bytes.begin(), p.bytes.end()), p.wire_length});
  }
  all.lost = reader->lost();
  return all;
}

Whole ReadBytes(const Bytes& content) { return ReadAll(CaptureReader::FromMemory("x.pcap", content)); }

constexpr uint64_t kSecond = 1000000000;
const Bytes kData = {1, 2, 3, 4, 5};

TEST(CaptureReader, ReadsPcapInBothOrdersAndBothResolutions) {
  struct Row {
    bool big;
    uint32_t magic;
    uint64_t fraction_ns;
  };
  for (const Row& r : {Row{false, kMicroMagic, 250000}, Row{true, kMicroMagic, 250000},
                       Row{false, kNanoMagic, 250}, Row{true, kNanoMagic, 250}}) {
    const Writer w{r.big};
    const Whole all = ReadBytes(w.PcapHeader(r.magic, 101) + w.PcapPacket(1795357368, 250, kData, 99) +
                                w.PcapPacket(1795357369, 0, kData));
    EXPECT_EQ(all.error, "");
    EXPECT_EQ(all.packets, (std::vector<Packet>{{1795357368 * kSecond + r.fraction_ns, 101, kData, 99},
                                                {1795357369 * kSecond, 101, kData, 5}}))
        << "big " << r.big << " magic " << std::hex << r.magic;
  }
}

TEST(CaptureReader, ReadsTheModifiedPcapFormatWithItsLongerPacketHeaders) {
  const Writer w;
  const Whole all = ReadBytes(w.PcapHeader(kModifiedMagic, 1) + w.U32(7) + w.U32(0) + w.U32(5) + w.U32(5) +
                              w.U64(0) + kData);
  EXPECT_EQ(all.packets, (std::vector<Packet>{{7 * kSecond, 1, kData, 5}}));
}

TEST(CaptureReader, IgnoresTheFrameCheckBitsAboveTheLinkType) {
  const Writer w;
  const Whole all = ReadBytes(w.PcapHeader(kMicroMagic, 0x54000001) + w.PcapPacket(1, 0, kData));
  ASSERT_EQ(all.packets.size(), 1u) << all.error;
  EXPECT_EQ(all.packets[0].link_type, 1);
}

TEST(CaptureReader, ReadsEveryKindOfPcapngPacketInBothOrders) {
  for (const bool big : {false, true}) {
    const Writer w{big};
    const Whole all = ReadBytes(w.Section() + w.Interface(1) + w.Enhanced(0, 3000001, kData, 60) +
                                w.Obsolete(0, 4000000, kData) + w.Simple(5, kData));
    EXPECT_EQ(all.error, "");
    EXPECT_EQ(all.packets, (std::vector<Packet>{{3 * kSecond + 1000, 1, kData, 60},
                                                {4 * kSecond, 1, kData, 5},
                                                {4 * kSecond, 1, kData, 5}}))
        << "big " << big;
  }
}

TEST(CaptureReader, KeepsEachPcapngInterfacesLinkTypeResolutionAndOffset) {
  const Writer w;
  const Bytes nanos = w.Option(9, {9}) + w.Option(0, {});
  const Bytes binary = w.Option(9, {0x80 | 10});                      // 1/1024 s
  const Bytes offset = w.Option(14, w.U64(1000)) + w.Option(9, {3});  // milliseconds after second 1000
  const Whole all = ReadBytes(w.Section() + w.Interface(1) + w.Interface(101, 0, nanos) +
                              w.Interface(113, 0, binary) + w.Interface(276, 0, offset) +
                              w.Enhanced(0, 1000000, kData) + w.Enhanced(1, 2 * kSecond + 7, kData) +
                              w.Enhanced(2, 3 * 1024 + 512, kData) + w.Enhanced(3, 5, kData));
  EXPECT_EQ(all.error, "");
  EXPECT_EQ(all.packets, (std::vector<Packet>{{kSecond, 1, kData, 5},
                                              {2 * kSecond + 7, 101, kData, 5},
                                              {3 * kSecond + kSecond / 2, 113, kData, 5},
                                              {1000 * kSecond + 5000000, 276, kData, 5}}));
}

TEST(CaptureReader, ANewPcapngSectionHasItsOwnInterfacesAndByteOrder) {
  const Writer little{false}, big{true};
  const Whole all = ReadBytes(little.Section() + little.Interface(1) + little.Enhanced(0, 1, kData) +
                              big.Section() + big.Interface(101) + big.Enhanced(0, 2, kData) +
                              little.Section() + little.Enhanced(0, 3, kData));
  EXPECT_EQ(all.packets, (std::vector<Packet>{{1000, 1, kData, 5}, {2000, 101, kData, 5}}));
  EXPECT_THAT(all.error, HasSubstr("expected one of the section's 0 interfaces, found number 0"));
}

TEST(CaptureReader, SkipsUnknownBlocksAndCountsLostPackets) {
  const Writer w;
  const Whole all =
      ReadBytes(w.Section() + w.Block(0x0bad, Bytes(100, 9)) + w.Interface(1) + w.Block(4, Bytes(8)) +
                w.Statistics(0, 5) + w.Enhanced(0, 1, kData) + w.Statistics(0, 12));
  EXPECT_EQ(all.error, "");
  EXPECT_EQ(all.packets.size(), 1u);
  EXPECT_EQ(all.lost, 12u);
}

TEST(CaptureReader, CutsASimplePacketAtItsInterfacesSnapLength) {
  const Writer w;
  const Whole all = ReadBytes(w.Section() + w.Interface(1, 3) + w.Simple(500, {1, 2, 3, 0}));
  EXPECT_EQ(all.packets, (std::vector<Packet>{{0, 1, {1, 2, 3}, 500}}));
}

TEST(CaptureReader, NamesTheByteAndTheExpectationOfEveryDamage) {
  const Writer w;
  const Bytes pcap = w.PcapHeader(kMicroMagic, 1);
  const Bytes ng = w.Section() + w.Interface(1);  // 28 + 20 bytes
  Bytes wrong_tail = ng + w.Enhanced(0, 1, kData);
  wrong_tail.back() = 7;
  const struct {
    Bytes content;
    std::string error;
  } rows[] = {
      {{}, "x.pcap: at byte 0: the file is empty; expected the header of a pcap or pcapng file"},
      {{0xd4, 0xc3}, "at byte 0: expected the magic number of a pcap or pcapng file of 4 bytes"},
      {{'h', 'e', 'l', 'l', 'o'}, "at byte 0: not a capture: expected the magic number of a pcap or pcapng"},
      {{0x1f, 0x8b, 8, 0}, "this is gzip data: unpack it first"},
      {{'{', '"', 't', '"'}, "perhaps a trace for `candorctl judge`"},
      {w.U32(kMicroMagic) + w.U16(3) + w.U16(0) + Bytes(16),
       "at byte 4: expected pcap version 2.4, found 3.0"},
      {pcap + w.U32(1) + w.U32(0) + w.U32(300000) + w.U32(9),
       "at byte 32: expected a packet of at most 262144 captured bytes, found 300000"},
      {w.Block(0x0a0d0d0a, Bytes(16)), "at byte 8: expected the byte-order magic 1a2b3c4d"},
      {w.Block(0x0a0d0d0a, w.U32(0x1a2b3c4d)), "at byte 0: expected a section header of at least 28 bytes"},
      {w.Block(0x0a0d0d0a, w.U32(0x1a2b3c4d) + w.U16(2) + Bytes(10)),
       "at byte 12: expected pcapng version 1"},
      {ng + w.U32(6) + w.U32(10) + Bytes(40), "at byte 52: expected a block length that is a multiple of 4"},
      {ng + w.U32(6) + w.U32(8) + Bytes(40), "at byte 52: expected a block length"},
      {ng + w.U32(6) + w.U32(0xfffffff0) + Bytes(40), "at byte 52: expected a block length"},
      {wrong_tail, "at byte 84: expected the block's length 40 again"},
      {ng + w.Block(6, Bytes(16)), "at byte 48: expected a packet block of at least 32 bytes, found 28"},
      {ng + w.Enhanced(1, 1, kData),
       "at byte 56: expected one of the section's 1 interfaces, found number 1"},
      {ng + w.Block(6, Bytes(12) + w.U32(100) + w.U32(100)), "at byte 68: expected at most the 0 bytes"},
      {w.Section() + w.Simple(5, kData), "at byte 28: expected an interface description before a packet"},
      {w.Section() + w.Block(1, Bytes(4)), "at byte 28: expected an interface description of at least 20"},
  };
  for (const auto& r : rows) EXPECT_THAT(ReadBytes(r.content).error, HasSubstr(r.error));
}

TEST(CaptureReader, AnInvalidTimestampIsMarked) {
  const struct {
    const char* what;
    Bytes content;
    uint64_t ns;
  } rows[] = {
      {"a rounded second", Writer{}.PcapHeader(kMicroMagic, 1) + Writer{}.PcapPacket(7, 1000000, kData),
       7 * kSecond},
      {"a torn fraction",
       Writer{true}.PcapHeader(kMicroMagic, 1) + Writer{true}.PcapPacket(7, 0xffffffff, kData), 7 * kSecond},
      {"nanoseconds", Writer{}.PcapHeader(kNanoMagic, 1) + Writer{}.PcapPacket(7, 1000000000, kData),
       7 * kSecond},
      {"pcapng beyond 2200",
       Writer{}.Section() + Writer{}.Interface(1, 0, Writer{}.Option(9, {0})) +
           Writer{}.Enhanced(0, ~uint64_t{0}, kData),
       0},
      {"pcapng before 1970",
       Writer{}.Section() + Writer{}.Interface(1, 0, Writer{}.Option(14, Writer{}.U64(~uint64_t{0} - 5))) +
           Writer{}.Obsolete(0, 3000000, kData),
       0},
  };
  for (const auto& r : rows) {
    auto reader = CaptureReader::FromMemory("x.pcap", r.content);
    ASSERT_TRUE(reader) << r.what;
    CapturedPacket p;
    const auto more = reader->Next(&p);
    ASSERT_TRUE(more && *more) << r.what;
    EXPECT_TRUE(p.invalid_timestamp) << r.what;
    EXPECT_EQ(NanosOf(p.time), r.ns) << r.what;
    EXPECT_EQ(Bytes(p.bytes.begin(), p.bytes.end()), kData) << r.what;
  }
}

// Wherever a file is cut, the packets before the cut stand, and an error names a byte of the file. Only a
// cut between two records is a clean end.
void CutEverywhere(const Bytes& whole, const std::vector<size_t>& clean_ends) {
  const Whole all = ReadBytes(whole);
  ASSERT_EQ(all.error, "");
  for (size_t n = 0; n < whole.size(); ++n) {
    const Whole cut = ReadBytes(Bytes(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(n)));
    ASSERT_LE(cut.packets.size(), all.packets.size());
    EXPECT_TRUE(std::equal(cut.packets.begin(), cut.packets.end(), all.packets.begin())) << n;
    const bool clean = std::find(clean_ends.begin(), clean_ends.end(), n) != clean_ends.end();
    EXPECT_EQ(cut.error.empty(), clean) << n << " " << cut.error;
    if (clean) continue;
    const size_t at = cut.error.find("at byte ");
    ASSERT_NE(at, std::string::npos) << cut.error;
    EXPECT_LE(std::stoull(cut.error.substr(at + 8)), n);
  }
}

TEST(CaptureReader, APcapFileCutAnywhereKeepsWhatCameBefore) {
  const Writer w;
  const Bytes head = w.PcapHeader(kMicroMagic, 1), one = w.PcapPacket(1, 0, kData);
  CutEverywhere(head + one + one + one, {24, 24 + 21, 24 + 42});
}

TEST(CaptureReader, APcapngFileCutAnywhereKeepsWhatCameBefore) {
  const Writer w{true};
  const Bytes one = w.Enhanced(0, 1, kData);
  CutEverywhere(w.Section() + w.Interface(1) + one + w.Simple(5, kData) + one, {28, 48, 88, 112});
}

TEST(CaptureReader, EveryByteOfASmallFileMayBeAnythingWithoutHarm) {
  const Writer w;
  const Bytes ng =
      w.Section() + w.Interface(1, 0, w.Option(9, {9})) + w.Enhanced(0, 1, kData) + w.Statistics(0, 1);
  const Bytes pcap = w.PcapHeader(kMicroMagic, 1) + w.PcapPacket(1, 0, kData);
  for (const Bytes& whole : {ng, pcap}) {
    for (size_t i = 0; i < whole.size(); ++i) {
      for (const uint8_t value : {uint8_t{0}, uint8_t{1}, uint8_t{0x7f}, uint8_t{0x80}, uint8_t{0xff}}) {
        Bytes changed = whole;
        changed[i] = value;
        EXPECT_LE(ReadBytes(changed).packets.size(), 1u);
      }
    }
  }
}

TEST(CaptureReader, SaysWhyAFileCannotBeOpened) {
  EXPECT_EQ(ReadAll(CaptureReader::Open("/nonexistent/x.pcap")).error,
            "cannot open /nonexistent/x.pcap: No such file or directory");
  EXPECT_EQ(ReadAll(CaptureReader::Open("/")).error, "cannot read /: Is a directory");
}

TEST(CaptureReader, ReadsAPipeWhosePiecesCutPacketsApart) {
  const Writer w;
  Bytes content = w.PcapHeader(kMicroMagic, 1);
  for (uint32_t i = 0; i < 200; ++i) content = content + w.PcapPacket(i, 0, kData);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  std::thread writer([&] {
    for (size_t i = 0; i < content.size(); i += 7) {
      const size_t n = std::min<size_t>(7, content.size() - i);
      EXPECT_EQ(write(ends[1], content.data() + i, n), static_cast<ssize_t>(n));
    }
    close(ends[1]);
  });
  const Whole all = ReadAll(CaptureReader::Open("/dev/fd/" + std::to_string(ends[0])));
  writer.join();
  close(ends[0]);
  EXPECT_EQ(all.error, "");
  EXPECT_EQ(all.packets.size(), 200u);
}

TEST(CaptureReader, ReadsAFileLargerThanItsBuffer) {
  const Writer w;
  const std::string path = ::testing::TempDir() + "/large.pcap";
  {
    std::ofstream out(path, std::ios::binary);
    const Bytes head = w.PcapHeader(kMicroMagic, 1), one = w.PcapPacket(1, 0, Bytes(1000, 3));
    out.write(reinterpret_cast<const char*>(head.data()), static_cast<std::streamsize>(head.size()));
    for (int i = 0; i < 5000; ++i) {
      out.write(reinterpret_cast<const char*>(one.data()), static_cast<std::streamsize>(one.size()));
    }
  }
  const Whole all = ReadAll(CaptureReader::Open(path));
  EXPECT_EQ(all.error, "");
  ASSERT_EQ(all.packets.size(), 5000u);
  EXPECT_EQ(all.packets.back().bytes, Bytes(1000, 3));
  std::remove(path.c_str());
}

}  // namespace
}  // namespace candor
