// SPDX-License-Identifier: Apache-2.0
//
// A minimal HTTP/2 client of grpc.health.v1, so cheap that the figures are the server's: a full gRPC
// client costs more for each answer than the server does. RFC 9113 for the frames, RFC 7541 for the headers.
// Plaintext to 127.0.0.1. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/unique_fd.h"

namespace candor::bench {

class H2Connection {
 public:
  explicit H2Connection(int port);  // connects; see connected()

  bool connected() const { return static_cast<bool>(fd_); }
  int fd() const { return fd_.get(); }

  // Opens a stream with an empty HealthCheckRequest; `method` is Check or Watch.
  void Ask(std::string_view method);
  // Sends what Ask and Receive have written; false once the connection is gone.
  bool Flush();
  // Reads what is there without waiting, and answers the peer's SETTINGS and PING; false once it is gone.
  bool Receive();

  size_t answers() const { return data_bytes_ / kAnswerBytes; }  // messages received, on all streams
  size_t ended() const { return ended_; }                        // streams that the server ended

 private:
  // gRPC's prefix (1 + 4 bytes), then field 1 as a varint: every status fits one byte.
  static constexpr size_t kAnswerBytes = 5 + 2;

  void Frame(uint8_t type, uint8_t flags, uint32_t stream, std::string_view payload);
  void Take(uint8_t type, uint8_t flags, std::string_view payload);

  UniqueFd fd_;
  std::string out_, in_;
  uint32_t next_stream_ = 1;
  size_t data_bytes_ = 0;
  size_t ended_ = 0;
};

}  // namespace candor::bench
