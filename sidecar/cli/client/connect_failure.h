// SPDX-License-Identifier: Apache-2.0
//
// Why a connection could not be made, with what to do about it. Connects once more without gRPC, whose error
// text does not distinguish a missing socket from a wrong protocol.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace candor::cli {

struct ConnectFailure {
  std::string address;       // HOST:PORT or unix:PATH
  bool tls = false;          // the connection used TLS
  bool failed_early = true;  // gRPC failed before the timeout; false: the timeout ran out
  std::string grpc_error;    // unchanged
  std::chrono::milliseconds timeout{};
};

// "Connection refused; is candord running? start it with ...". Printable.
std::string ExplainConnectFailure(const ConnectFailure& failure);

// The errno of connect(2) to `address`, 0 when it succeeds; ETIMEDOUT after `timeout`. EADDRNOTAVAIL: the
// host's name has no address.
int TryConnect(const std::string& address, std::chrono::milliseconds timeout);

// Whether a connection to `asked` (HOST:PORT or unix:PATH) ends at a listener of this machine on `listening`:
// the same text, or the same port and an address of this machine that `listening` covers.
bool ReachesListener(const std::string& asked, const std::string& listening);

}  // namespace candor::cli
