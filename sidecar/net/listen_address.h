// SPDX-License-Identifier: Apache-2.0
//
// Addresses to listen on: "127.0.0.1:7460", "[::1]:7460", "localhost:7460", "unix:/run/candor/grpc.sock".
// Thread-safe.
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
  // False for port 0, which may be listed several times: each time another port is opened.
  bool is_fixed() const { return is_unix() || port != 0; }

  // An error quotes the text and names the expected forms.
  static Result<ListenAddress> Parse(std::string_view text);
};

// The socket addresses of a TCP address, to bind to. May block while a name is resolved; the error names it.
using AddressList = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;
Result<AddressList> Resolve(const ListenAddress& address);

// Whether a server could listen there now; the error has the reason and the remedy. (gRPC reports only
// "failed", and replaces the unix socket of a process that listens.) Binding may fail all the same later.
// Resolves host names, so it may block. With `held` the sockets that were bound for the check stay bound, so
// that another name of the same port is not free.
Result<void> CheckFree(const ListenAddress& address, std::vector<UniqueFd>* held = nullptr);
// Of an error of CheckFree(): another process listens there.
bool IsInUse(const Error& error);

// Parses and checks all of them. An error names the address that is malformed, listed twice, or in use.
// `take_over`: another candord may listen on them.
Result<std::vector<ListenAddress>> ParseAddresses(const std::vector<std::string>& texts, bool take_over);

}  // namespace candor
