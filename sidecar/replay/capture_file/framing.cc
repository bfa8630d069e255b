// SPDX-License-Identifier: Apache-2.0
#include "replay/capture_file/framing.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "replay/byte_order.h"
#include "replay/capture_file/pcap_framing.h"
#include "replay/capture_file/pcapng_framing.h"

namespace candor {
namespace {

// What people hand over by mistake, by its first bytes.
struct Stranger {
  std::string_view magic;
  std::string_view advice;
};
constexpr std::array<Stranger, 7> kStrangers = {{
    {"\x1f\x8b", "this is gzip data: unpack it first (zcat FILE | candorctl replay - ...)"},
    {"\x28\xb5\x2f\xfd", "this is zstd data: unpack it first (zstdcat FILE | candorctl replay - ...)"},
    {"\xfd"
     "7zXZ",
     "this is xz data: unpack it first (xzcat FILE | candorctl replay - ...)"},
    {"\x04\x22\x4d\x18", "this is lz4 data: unpack it first (lz4cat FILE | candorctl replay - ...)"},
    {"PK\x03\x04", "this is a zip archive: unpack it first"},
    {"snoop", "this is a snoop capture: convert it first (editcap -F pcap IN OUT)"},
    {"{", "this is text that looks like JSON, perhaps a trace for `candorctl judge`"},
}};

Error NotACapture(const ByteStream& in) {
  const auto* head = reinterpret_cast<const char*>(in.data());
  const std::string_view bytes(head, in.available());
  for (const auto& s : kStrangers) {
    if (bytes.starts_with(s.magic)) return {fmt::format("at byte 0: not a capture: {}", s.advice), 0};
  }
  const uint8_t* p = in.data();
  return {fmt::format("at byte 0: not a capture: expected the magic number of a pcap or pcapng file, "
                      "found {:02x} {:02x} {:02x} {:02x}",
                      p[0], p[1], p[2], p[3]),
          0};
}

}  // namespace

tl::unexpected<Error> Damaged(uint64_t offset, const std::string& what) {
  return Fail(fmt::format("at byte {}: {}", offset, what));
}

tl::unexpected<Error> CutOff(const ByteStream& in, size_t n, const std::string& what) {
  if (in.read_error() != 0)
    return FailErrno(fmt::format("at byte {}: cannot read", in.offset()), in.read_error());
  return Damaged(in.offset(), fmt::format("expected {} of {} bytes, but the file ends after {} of them", what,
                                          n, in.available()));
}

Result<std::unique_ptr<Framing>> OpenFraming(ByteStream& in) {
  if (!in.Need(4)) {
    if (in.available() == 0 && in.read_error() == 0) {
      return Damaged(0, "the file is empty; expected the header of a pcap or pcapng file");
    }
    return CutOff(in, 4, "the magic number of a pcap or pcapng file");
  }
  if (kNetworkOrder.U32(in.data()) == PcapngFraming::kMagic) {
    return std::unique_ptr<Framing>(std::make_unique<PcapngFraming>());
  }
  if (PcapFraming::Recognizes(in.data())) return PcapFraming::Open(in);
  return tl::make_unexpected(NotACapture(in));
}

}  // namespace candor
