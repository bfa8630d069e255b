// SPDX-License-Identifier: Apache-2.0
#include "replay/capture_file/capture_reader.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "replay/byte_order.h"
#include "replay/capture_file/pcap_framing.h"
#include "replay/capture_file/pcapng_framing.h"

namespace candor {
namespace {

// Files that are no captures but are often given as one, by their first bytes.
struct OtherFormat {
  std::string_view magic;
  std::string_view advice;
};
constexpr std::array<OtherFormat, 7> kOtherFormats = {{
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
  for (const auto& s : kOtherFormats) {
    if (bytes.starts_with(s.magic)) return {fmt::format("at byte 0: not a capture: {}", s.advice), 0};
  }
  const uint8_t* p = in.data();
  return {fmt::format("at byte 0: not a capture: expected the magic number of a pcap or pcapng file, "
                      "found {:02x} {:02x} {:02x} {:02x}",
                      p[0], p[1], p[2], p[3]),
          0};
}

// Reads the magic number and takes the framing of that format.
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

tl::unexpected<Error> Named(const std::string& name, Error e) {
  e.message = name + ": " + e.message;
  return tl::make_unexpected(std::move(e));
}

}  // namespace

Result<CaptureReader> CaptureReader::Open(const std::string& path) {
  auto stream = ByteStream::Open(path);
  if (!stream) return tl::make_unexpected(stream.error());
  return Begin(path == "-" ? "standard input" : path, std::move(*stream));
}

Result<CaptureReader> CaptureReader::FromMemory(std::string name, std::vector<uint8_t> content) {
  return Begin(std::move(name), ByteStream::FromMemory(std::move(content)));
}

Result<CaptureReader> CaptureReader::Begin(std::string name, ByteStream stream) {
  CaptureReader reader(std::move(name), std::move(stream));
  auto framing = OpenFraming(reader.stream_);
  if (!framing) return Named(reader.name_, framing.error());
  reader.framing_ = std::move(*framing);
  return reader;
}

Result<bool> CaptureReader::Next(CapturedPacket* packet) {
  auto more = framing_->Next(stream_, packet);
  if (!more) return Named(name_, more.error());
  return more;
}

}  // namespace candor
