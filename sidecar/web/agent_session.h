// SPDX-License-Identifier: Apache-2.0
//
// HAProxy's agent-check (configuration manual, "agent-check"): whoever connects is told one line, and that
// is all. What it sends (agent-send) is not looked at.
#pragma once

#include <string>

#include "web/pages.h"
#include "web/session.h"

namespace candor::web {

class AgentSession final : public Session {
 public:
  AgentSession(Socket socket, Lobby& lobby, const WebOptions& options, const Pages& pages)
      : Session(std::move(socket), lobby, options), line_(pages.AgentLine() + "\n") {}

 private:
  void Begin() override;

  const std::string line_;
};

}  // namespace candor::web
