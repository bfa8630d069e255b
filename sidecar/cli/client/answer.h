// SPDX-License-Identifier: Apache-2.0
//
// What a call to candord returns: its response or a Failure. Tested in tests/cli/client/client_test.cc.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "cli/client/exit_code.h"

namespace candor::cli {

// Why a command ends early. Texts are Printable.
struct Failure {
  int exit_code = kExitRpc;
  std::string message;          // one sentence with the address and what to do
  bool maybe_received = false;  // the call may have had its effect: no response came
  std::string reason = {};      // with kExitConnect: the message without the address
};

template <class T>
using Answer = tl::expected<T, Failure>;

// PEM files. All empty: plaintext. Any of them, or a name: TLS, on TCP addresses only.
struct TlsFiles {
  std::string ca = {};           // trusted certificates; empty: the system's
  std::string certificate = {};  // the client's own, for mutual TLS
  std::string key = {};
  std::string name = {};  // expected in the server's certificate; empty: the address
  bool wanted() const { return !(ca.empty() && certificate.empty() && key.empty() && name.empty()); }
};

}  // namespace candor::cli
