// SPDX-License-Identifier: Apache-2.0
//
// Where to listen: "127.0.0.1:7460", "[::1]:7460", "localhost:7460", "unix:/run/candor/grpc.sock".
#pragma once

#include <netdb.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace candor {

struct ListenAddress {
  std::string text;   // as configured, which is also what gRPC takes
  std::string path;   // unix only
  std::string host;   // TCP only, without brackets
  uint16_t port = 0;  // TCP only; 0: any free one

  bool is_unix() const { return !path.empty(); }
  // Whether it names one place; ":0" may be asked for any number of times.
  bool is_fixed() const { return is_unix() || port != 0; }

  // An error quotes the text and says what was expected.
  static Result<ListenAddress> Parse(std::string_view text);
};

// What a TCP address stands for, to bind to. May block on a name's resolution; the error names the address.
using AddressList = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;
Result<AddressList> Resolve(const ListenAddress& address);

// Whether a server could listen there now. gRPC says only "failed" when it could not, takes a unix socket
// away from a living server, and logs the rest; this says who is in the way and what to do. The answer is
// of this moment: binding may still fail. Resolves host names, so it may block.
// With `held` the sockets that were bound to find out stay bound: another name for the same port then is
// not free.
Result<void> CheckFree(const ListenAddress& address, std::vector<UniqueFd>* held = nullptr);
// Of an error of CheckFree(): a living process listens there.
bool IsInUse(const Error& error);

}  // namespace candor
