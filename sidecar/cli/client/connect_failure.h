// SPDX-License-Identifier: Apache-2.0
//
// Why a connection did not come about, as an operator can act on it. Looks by itself: the system is asked to
// connect once more, without gRPC, whose own words do not tell a missing socket from a wrong protocol.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace candor::cli {

struct ConnectFailure {
  std::string address;       // HOST:PORT or unix:PATH
  bool tls = false;          // TLS was spoken
  bool failed_early = true;  // gRPC gave up by itself; false: the time was up
  std::string said;          // gRPC's reason, as it came
  std::chrono::milliseconds timeout{};
};

// "Connection refused; is candord running? start it with ...". Printable.
std::string ExplainConnectFailure(const ConnectFailure& u);

// The errno of connect(2) to `address`, 0 when it succeeds; ETIMEDOUT after `timeout`. EADDRNOTAVAIL: the
// host's name has no address.
int TryConnect(const std::string& address, std::chrono::milliseconds timeout);

// Whether `asked` (HOST:PORT or unix:PATH) leads to a candord of this machine that listens on `listening`:
// the same text, or the same port with an address of this machine that is covered.
bool ReachesListener(const std::string& asked, const std::string& listening);

}  // namespace candor::cli
