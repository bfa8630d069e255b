// SPDX-License-Identifier: Apache-2.0
//
// A fake candord in the test's process: NodeHealth, Admin and grpc.health.v1 on a free loopback port and a
// unix socket. Set `answers` before a command runs.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "candor/v1/node_health.pb.h"
#include "cli/commands/command.h"
#include "cli/commands/host_facts.h"

namespace candor::cli {

namespace pb = candor::v1;

struct Answers {
  pb::Verdict verdict;
  pb::Info info;
  pb::ListAttemptsResponse attempts;
  pb::ListFlowsResponse flows;
  pb::ListTransitionsResponse transitions;
  // The n-th WatchVerdict sends the n-th row and ends; the last row stays open until the client cancels.
  std::vector<std::vector<pb::Verdict>> streams;
  std::map<std::string, bool> health;  // service -> serving; others are NOT_FOUND
  int node_health_code = 0;            // other than 0: every NodeHealth call fails with this gRPC code
  bool knows_servers = true;           // false: GetVerdict does not read the field `server`
  int info_code = 0;                   // the same for GetInfo alone
  std::string error_text = "made to fail";
  std::chrono::milliseconds delay{0};  // before GetVerdict answers
  // Overrides, at the admin socket.
  int override_code = 0;                        // other than 0: every override fails with it
  bool takes_overrides = true;                  // false: overrides are answered and not applied
  std::chrono::milliseconds override_delay{0};  // before the response
  std::string not_persisted_reason = {};
  int overrides = 0;  // received

  // The last requests.
  pb::GetVerdictRequest verdict_request;
  pb::ListAttemptsRequest attempts_request;
  pb::ListFlowsRequest flows_request;
  pb::ListTransitionsRequest transitions_request;
  pb::WatchVerdictRequest watch_request;
};

class FakeNode {
 public:
  FakeNode();
  ~FakeNode();

  std::string address() const;
  std::string admin_path() const;  // of the admin socket, which serves NodeHealth too
  Answers answers;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

struct Ran {
  int code = -1;
  std::string out;
  std::string err;
};

// Runs candorctl with `arguments`, separated by blanks, against `address` at kNow (fixtures.h).
Ran Ctl(const std::string& address, const std::string& arguments, bool may_colour = false,
        const HostFacts& host = {});

// The same in an environment of the test's own.
Environment TestEnvironment(const std::string& address);
Ran Ctl(const Environment& environment, const std::string& arguments);

}  // namespace candor::cli
