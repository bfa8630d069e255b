// SPDX-License-Identifier: Apache-2.0
#include "web/web_server.h"

#include <boost/asio/post.hpp>
#include <mutex>
#include <thread>

#include "net/acceptor.h"
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

}  // namespace

class WebServer::Impl {
 public:
  Impl(const WebOptions& options, const SnapshotStore& snapshots, AboutProcess about)
      : options_(options),
        http_limiter_(options_.max_connections, traffic_.http),
        agent_limiter_(options_.max_connections, traffic_.agent),
        pages_(snapshots, traffic_, std::move(about)) {}
  ~Impl() { Stop(); }

  Result<void> Listen() {
    auto http = ListenAll(options_.http_listen, options_.unix_mode);
    if (!http) return tl::make_unexpected(http.error());
    auto agent = ListenAll(options_.agent_listen, options_.unix_mode);
    if (!agent) return tl::make_unexpected(agent.error());
    OpenAcceptors(std::move(*http), http_limiter_, &http_, [this](Socket socket) -> std::shared_ptr<Session> {
      return std::make_shared<HttpSession>(std::move(socket), http_limiter_, options_, pages_);
    });
    OpenAcceptors(
        std::move(*agent), agent_limiter_, &agent_, [this](Socket socket) -> std::shared_ptr<Session> {
          return std::make_shared<AgentSession>(std::move(socket), agent_limiter_, options_, pages_);
        });
    thread_ = std::thread([this] { io_.run(); });
    return {};
  }

  const std::vector<std::string>& http() const { return http_; }
  const std::vector<std::string>& agent() const { return agent_; }

  void SetBounds(const WebOptions& options) {
    boost::asio::post(io_, [this, options] {
      options_ = options;
      http_limiter_.SetMax(options.max_connections);
      agent_limiter_.SetMax(options.max_connections);
    });
  }

  void Stop() {
    const std::lock_guard lock(stop_mutex_);
    if (!thread_.joinable()) return;
    // With nothing left to wait for, run() returns.
    boost::asio::post(io_, [this] {
      for (const auto& acceptor : acceptors_) acceptor->Close();
      acceptors_.clear();
      http_limiter_.EvictAll();
      agent_limiter_.EvictAll();
    });
    thread_.join();
  }

 private:
  void OpenAcceptors(std::vector<Listener> listeners, ConnectionLimiter& limiter,
                     std::vector<std::string>* texts, const Acceptor::OnAccept& on_accept) {
    for (Listener& listener : listeners) {
      acceptors_.push_back(std::make_shared<Acceptor>(io_, std::move(listener), limiter, on_accept));
      acceptors_.back()->Open();
      texts->push_back(acceptors_.back()->text());
    }
  }

  WebOptions options_;  // once the thread runs, its alone
  Traffic traffic_;
  ConnectionLimiter http_limiter_, agent_limiter_;
  Pages pages_;
  std::vector<std::string> http_, agent_;
  boost::asio::io_context io_{1};  // after what its handlers use
  std::vector<std::shared_ptr<Acceptor>> acceptors_;
  std::mutex stop_mutex_;
  std::thread thread_;
};

WebServer::WebServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
WebServer::~WebServer() = default;

Result<std::unique_ptr<WebServer>> WebServer::Start(const WebOptions& options, const SnapshotStore& snapshots,
                                                    AboutProcess about) {
  auto impl = std::make_unique<Impl>(options, snapshots, std::move(about));
  if (auto ok = impl->Listen(); !ok) return tl::make_unexpected(ok.error());
  return std::unique_ptr<WebServer>(new WebServer(std::move(impl)));
}

const std::vector<std::string>& WebServer::http() const { return impl_->http(); }
const std::vector<std::string>& WebServer::agent() const { return impl_->agent(); }
void WebServer::SetBounds(const WebOptions& options) { impl_->SetBounds(options); }
void WebServer::Stop() { impl_->Stop(); }

}  // namespace candor::web
