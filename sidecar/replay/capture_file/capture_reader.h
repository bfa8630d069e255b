// SPDX-License-Identifier: Apache-2.0
//
// Reads pcap and pcapng files, of either byte order, one packet after the other. Unlike libpcap it takes
// pcapng files whose interfaces differ in link type, and its errors name the byte. Bounded memory
// (at most 17 MiB, 1 MiB for ordinary files); one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "replay/capture_file/framing.h"

namespace candor {

class CaptureReader {
 public:
  // "-" reads standard input. Errors: not there, not readable, empty, not a capture.
  static Result<CaptureReader> Open(const std::string& path);
  // `name` stands in messages.
  static Result<CaptureReader> FromMemory(std::string name, std::vector<uint8_t> content);

  // True: `packet` is the next one, valid until the next call. False: the end. An error is final; what was
  // read before it was whole.
  Result<bool> Next(CapturedPacket* packet);

  const std::string& name() const { return name_; }
  uint64_t offset() const { return stream_.offset(); }  // bytes read so far
  uint64_t size() const { return stream_.size(); }      // bytes; 0: not known
  uint64_t lost() const { return framing_->lost(); }    // packets the capture says it lost

 private:
  CaptureReader(std::string name, ByteStream stream) : name_(std::move(name)), stream_(std::move(stream)) {}
  static Result<CaptureReader> Begin(std::string name, ByteStream stream);

  std::string name_;
  ByteStream stream_;
  std::unique_ptr<Framing> framing_;
};

}  // namespace candor
