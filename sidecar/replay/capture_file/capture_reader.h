// SPDX-License-Identifier: Apache-2.0
//
// Reads pcap and pcapng files of either byte order, one packet after the other. Bounded memory (at most
// 17 MiB, 1 MiB for ordinary files); one thread.
//
// libpcap is used for live capture alone (replay/live). Its reader of files (1.10.3) refuses a pcapng file
// whose interfaces differ in link type or snap length, or whose sections differ in byte order; it drops the
// count of lost packets (Interface Statistics) and the byte that an error is at, gives a Simple Packet the
// time 0, and does not report the bytes read. Each of these is part of what replay prints.
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
  // `name` is the file name in messages.
  static Result<CaptureReader> FromMemory(std::string name, std::vector<uint8_t> content);

  // True: `packet` is the next one, valid until the next call. False: the end of the file. An error is
  // final; the packets before it are valid.
  Result<bool> Next(CapturedPacket* packet);

  const std::string& name() const { return name_; }
  uint64_t offset() const { return stream_.offset(); }  // bytes read so far
  uint64_t size() const { return stream_.size(); }      // bytes; 0: not known
  uint64_t lost() const { return framing_->lost(); }    // packets, by the count in the file

 private:
  CaptureReader(std::string name, ByteStream stream) : name_(std::move(name)), stream_(std::move(stream)) {}
  static Result<CaptureReader> Begin(std::string name, ByteStream stream);

  std::string name_;
  ByteStream stream_;
  std::unique_ptr<Framing> framing_;
};

}  // namespace candor
