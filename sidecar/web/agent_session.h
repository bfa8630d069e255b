// SPDX-License-Identifier: Apache-2.0
//
// HAProxy's agent-check (HAProxy configuration manual, "agent-check"): writes one line to each connection and
// closes it. Where the node has several media servers the first line of the client (agent-send) may name one
// of them; without one within 200 ms the line is the node's. One thread, that of the io_context. Tested in
// tests/web/web_server_test.cc.
#pragma once

#include <array>
#include <boost/asio/steady_timer.hpp>
#include <string>
#include <string_view>

#include "net/session.h"
#include "web/pages.h"
#include "web/web_options.h"

namespace candor::web {

class AgentSession final : public Session {
 public:
  // `options` and `pages` outlive the session.
  AgentSession(boost::asio::io_context& io, UniqueFd connection, ConnectionLimiter& limiter,
               const WebOptions& options, const Pages& pages)
      : Session(io, std::move(connection), limiter), options_(options), pages_(pages), wait_(io) {}

 private:
  void OnStart() override;
  void AwaitName();
  void Write(std::string_view server);

  const WebOptions& options_;
  const Pages& pages_;
  boost::asio::steady_timer wait_;
  std::array<char, 128> name_{};  // longer than any server's
  std::string line_;
};

}  // namespace candor::web
