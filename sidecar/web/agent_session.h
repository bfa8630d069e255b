// SPDX-License-Identifier: Apache-2.0
//
// HAProxy's agent-check (configuration manual, "agent-check"): whoever connects is told one line, and that
// is all. What it sends (agent-send) is not looked at.
#pragma once

#include <string>

#include "net/session.h"
#include "web/pages.h"

namespace candor::web {

class AgentSession final : public Session {
 public:
  AgentSession(Socket socket, ConnectionLimiter& limiter, const WebOptions& options, const Pages& pages)
      : Session(std::move(socket), limiter, options), line_(pages.AgentLine() + "\n") {}

 private:
  void OnStart() override;

  const std::string line_;
};

}  // namespace candor::web
