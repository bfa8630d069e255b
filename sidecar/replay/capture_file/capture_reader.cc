// SPDX-License-Identifier: Apache-2.0
#include "replay/capture_file/capture_reader.h"

namespace candor {
namespace {

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
