// SPDX-License-Identifier: Apache-2.0
#include "web/web_server.h"

#include <boost/asio/post.hpp>
#include <utility>

#include "net/acceptor_thread.h"
#include "web/agent_session.h"
#include "web/http_session.h"

namespace candor::web {
namespace {

Result<std::vector<Listener>> ListenAll(const std::vector<std::string>& texts, int unix_mode) {
  std::vector<Listener> all;
  for (const std::string& text : texts) {
    auto some = Listen(text, unix_mode);
    if (!some) return some;
    for (Listener& l : *some) all.push_back(std::move(l));
  }
  return all;
}

// Adds the listeners to `thread` and their addresses to `texts`. Without a file descriptor for a new
// connection, the oldest one is evicted.
Result<void> AddAll(std::vector<Listener> listeners, ConnectionLimiter& limiter,
                    const Acceptor::OnAccept& on_accept, AcceptorThread& thread,
                    std::vector<std::string>* texts) {
  for (Listener& listener : listeners) {
    texts->push_back(listener.text);
    auto ok = thread.Add(std::move(listener), on_accept, [&limiter](int error) {
      if (error == 0) return;
      ++limiter.counts().accept_failures;
      limiter.EvictOldest();
    });
    if (!ok) return ok;
  }
  return {};
}

}  // namespace

WebServer::WebServer(const WebOptions& options, const SnapshotStore& snapshots, AboutProcess about)
    : options_(options),
      http_limiter_(options_.max_connections, traffic_.http),
      agent_limiter_(options_.max_connections, traffic_.agent),
      pages_(snapshots, traffic_, std::move(about)) {}

WebServer::~WebServer() { Stop(); }

Result<std::unique_ptr<WebServer>> WebServer::Start(const WebOptions& options, const SnapshotStore& snapshots,
                                                    AboutProcess about) {
  std::unique_ptr<WebServer> server(new WebServer(options, snapshots, std::move(about)));
  if (auto ok = server->Listen(); !ok) return tl::make_unexpected(ok.error());
  return server;
}

Result<void> WebServer::Listen() {
  auto http = ListenAll(options_.http_listen, options_.unix_mode);
  if (!http) return tl::make_unexpected(http.error());
  auto agent = ListenAll(options_.agent_listen, options_.unix_mode);
  if (!agent) return tl::make_unexpected(agent.error());
  auto thread = AcceptorThread::Create();
  if (!thread) return tl::make_unexpected(thread.error());
  thread_ = std::move(*thread);
  const auto on_http = [this](UniqueFd fd) {
    std::make_shared<HttpSession>(thread_->io(), std::move(fd), http_limiter_, options_, pages_)->Start();
  };
  const auto on_agent = [this](UniqueFd fd) {
    std::make_shared<AgentSession>(thread_->io(), std::move(fd), agent_limiter_, options_, pages_)->Start();
  };
  if (auto ok = AddAll(std::move(*http), http_limiter_, on_http, *thread_, &http_); !ok) return ok;
  if (auto ok = AddAll(std::move(*agent), agent_limiter_, on_agent, *thread_, &agent_); !ok) return ok;
  thread_->Start();
  return {};
}

void WebServer::SetBounds(const WebOptions& options) {
  boost::asio::post(thread_->io(), [this, options] {
    options_ = options;
    http_limiter_.SetMax(options.max_connections);
    agent_limiter_.SetMax(options.max_connections);
  });
}

void WebServer::Stop() {
  if (!thread_) return;
  thread_->Stop([this] {
    http_limiter_.EvictAll();
    agent_limiter_.EvictAll();
  });
}

}  // namespace candor::web
