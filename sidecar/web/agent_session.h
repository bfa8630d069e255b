// SPDX-License-Identifier: Apache-2.0
//
// HAProxy's agent-check (HAProxy configuration manual, "agent-check"): writes one line to each connection and
// closes it. What the client sends (agent-send) is discarded. One thread, that of the io_context.
// Tested in tests/web/web_server_test.cc.
#pragma once

#include <string>

#include "net/session.h"
#include "web/pages.h"
#include "web/web_options.h"

namespace candor::web {

class AgentSession final : public Session {
 public:
  // `options` outlives the session.
  AgentSession(boost::asio::io_context& io, UniqueFd connection, ConnectionLimiter& limiter,
               const WebOptions& options, const Pages& pages)
      : Session(io, std::move(connection), limiter), options_(options), line_(pages.AgentLine() + "\n") {}

 private:
  void OnStart() override;

  const WebOptions& options_;
  const std::string line_;
};

}  // namespace candor::web
