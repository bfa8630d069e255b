// SPDX-License-Identifier: Apache-2.0
#include "serve/server.h"

#include <absl/synchronization/mutex.h>
#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_posix.h>

#include <mutex>

#include "base/utc_text.h"
#include "net/grpc_listener.h"
#include "net/tls_reloader.h"
#include "net/unix_acceptor.h"
#include "serve/admin_service.h"
#include "serve/health_service.h"
#include "serve/node_health_service.h"
#include "serve/orca_service.h"
#include "status/watch_hub.h"

namespace candor {
namespace {

v1::Info ToInfo(const DaemonInfo& about) {
  v1::Info info;
  info.set_version(about.version);
  const std::chrono::nanoseconds started = about.started_at.time_since_epoch();
  *info.mutable_started_at() = google::protobuf::util::TimeUtil::NanosecondsToTimestamp(started.count());
  info.set_config_file(about.config_file);
  info.set_config_yaml(about.config_yaml);
  info.set_self_report_target(about.self_report_target);
  return info;
}

int Millis(Duration d) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(d).count());
}

void Configure(const ServeOptions& options, grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(options.max_request_bytes);
  // Without keepalive the stream of a watcher whose host vanished would stay open.
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, Millis(options.keepalive_time));
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Millis(options.keepalive_timeout));
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // gRPC's default lets a silent connection stay open for two minutes.
  builder->AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, Millis(options.handshake_timeout));
  // Watchers ping too. gRPC's default closes the connection of a client that pings more than once in 5
  // minutes.
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5000);
}

}  // namespace

class Server::Impl {
 public:
  Impl(const ServeOptions& options, ServeParts parts, const DaemonInfo& about, DaemonHooks hooks)
      : options_(options),
        log_(hooks.log),
        wall_(parts.clocks.wall),
        quota_(options.watches, options.watches_per_peer),
        hub_(parts.snapshots),
        health_(parts.snapshots, hub_, quota_),
        node_(parts, hub_, quota_, options.largest_page, ToInfo(about), about.started),
        orca_(hub_, quota_),
        admin_(parts, std::move(hooks), options.longest_override,
               [this](const std::string& peer) { return admin_acceptor_->DescribePeer(peer); }) {}
  ~Impl() { Stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> Listen() {
    if (options_.grpc_listen.empty()) {
      return Fail("no address to listen on; expected at least one like 127.0.0.1:7460");
    }
    const auto addresses = ParseAddresses(options_.grpc_listen, options_.take_over);
    if (!addresses) return tl::make_unexpected(addresses.error());
    const auto health_only = ParseAddresses(options_.health_only_listen, options_.take_over);
    if (!health_only) return tl::make_unexpected(health_only.error());
    // The library's health service would answer SERVING before there is evidence.
    grpc::EnableDefaultHealthCheckService(false);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    // Debian's abseil has deadlock detection on, which takes one global lock at each lock of gRPC.
    absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
    const auto credentials = Credentials();
    if (!credentials) return tl::make_unexpected(credentials.error());
    if (auto ok = Open(*addresses, *credentials, {&health_, &node_, &orca_}, &main_); !ok) return ok;
    if (!health_only->empty()) {
      const auto plaintext = grpc::InsecureServerCredentials();
      if (auto ok = Open(*health_only, plaintext, {&health_}, &health_only_); !ok) return ok;
    }
    if (!options_.admin_socket.empty()) {
      if (auto ok = OpenAdmin(); !ok) return ok;
    }
    node_.UpdateInfo([this](v1::Info& about) {
      for (const std::string& address : main_.listening) about.add_listening(address);
      for (const std::string& address : health_only_.listening) about.add_listening(address);
    });
    return {};
  }

  const std::vector<std::string>& listening() const { return main_.listening; }
  const std::vector<std::string>& health_only() const { return health_only_.listening; }
  AdminService& admin() { return admin_; }
  NodeHealthService& node() { return node_; }
  Result<void> ReloadTls() { return tls_ ? tls_->Reload() : Result<void>(); }

  void Stop() {
    const std::lock_guard lock(stop_mutex_);
    if (stopped_) return;
    stopped_ = true;
    if (admin_acceptor_) admin_acceptor_->Close();
    for (GrpcListener* listener : {&main_, &health_only_}) {
      if (listener->acceptor) listener->acceptor->Stop();
    }
    hub_.Stop();
    const auto deadline =
        std::chrono::system_clock::now() +
        std::chrono::duration_cast<std::chrono::system_clock::duration>(options_.shutdown_grace);
    for (GrpcListener* listener : {&main_, &health_only_, &admin_listener_}) {
      if (!listener->server) continue;
      listener->server->Shutdown(deadline);
      listener->server->Wait();
    }
  }

 private:
  Result<std::shared_ptr<grpc::ServerCredentials>> Credentials() {
    if (!options_.tls.enabled()) return grpc::InsecureServerCredentials();
    auto reloader = TlsReloader::Open(
        options_.tls, wall_,
        [this](const std::string& error, WallTime expires) { OnTlsReload(error, expires); });
    if (!reloader) return tl::make_unexpected(reloader.error());
    tls_ = std::move(*reloader);
    return tls_->Credentials();
  }

  void OnTlsReload(const std::string& error, WallTime expires) {
    const bool ended = error.empty() && expires <= wall_();
    std::string text = fmt::format("TLS: the certificate in force ends {}", FormatUtc(expires));
    if (ended) {
      text = fmt::format("TLS: THE CERTIFICATE IN FORCE HAS ENDED {}: clients refuse it; renew the file",
                         FormatUtc(expires));
    }
    if (!error.empty()) text = fmt::format("TLS: NEW FILES REFUSED, the old ones stay in force: {}", error);
    if (log_) log_(ended || !error.empty(), text);
    node_.UpdateInfo([&](v1::Info& about) {
      about.clear_notes();
      about.add_notes(text);
    });
  }

  Result<void> Open(const std::vector<ListenAddress>& addresses,
                    const std::shared_ptr<grpc::ServerCredentials>& credentials,
                    const std::vector<grpc::Service*>& services, GrpcListener* out) {
    grpc::ServerBuilder builder;
    Configure(options_, &builder);
    for (grpc::Service* service : services) builder.RegisterService(service);
    auto opened = ListenGrpc(builder, addresses, options_.unix_mode, credentials, LogOfShortage());
    if (!opened) return tl::make_unexpected(opened.error());
    *out = std::move(*opened);
    return {};
  }

  ShortageLog LogOfShortage() {
    return [this](const std::string& text) {
      if (log_) log_(!text.empty(), text.empty() ? "gRPC: connections no longer have to wait" : text);
    };
  }

  Result<void> OpenAdmin() {
    auto acceptor =
        UnixAcceptor::Open(options_.admin_socket, options_.unix_mode, options_.take_over, LogOfShortage());
    if (!acceptor) return tl::make_unexpected(acceptor.error());
    admin_acceptor_ = std::move(*acceptor);
    if (auto ok = Open({}, nullptr, {&health_, &node_, &orca_, &admin_}, &admin_listener_); !ok) return ok;
    admin_acceptor_->Start(
        [this](int fd) { grpc::AddInsecureChannelFromFd(admin_listener_.server.get(), fd); });
    node_.UpdateInfo([this](v1::Info& about) { about.set_admin_listening("unix:" + options_.admin_socket); });
    return {};
  }

  const ServeOptions options_;
  const std::function<void(bool, const std::string&)> log_;
  const std::function<WallTime()> wall_;
  StreamQuota quota_;
  WatchHub hub_;
  HealthService health_;
  NodeHealthService node_;
  OrcaService orca_;
  AdminService admin_;
  std::unique_ptr<TlsReloader> tls_;
  std::unique_ptr<UnixAcceptor> admin_acceptor_;
  std::mutex stop_mutex_;
  bool stopped_ = false;
  GrpcListener main_, health_only_, admin_listener_;  // last: streams of them use all of the above
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::Start(const ServeOptions& options, ServeParts parts,
                                              const DaemonInfo& about, DaemonHooks hooks) {
  auto impl = std::make_unique<Impl>(options, parts, about, std::move(hooks));
  if (auto ok = impl->Listen(); !ok) return tl::make_unexpected(ok.error());
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

const std::vector<std::string>& Server::listening() const { return impl_->listening(); }
const std::vector<std::string>& Server::health_only() const { return impl_->health_only(); }
void Server::SetLongestOverride(Duration d) { impl_->admin().SetLongestOverride(d); }
void Server::SetConfigYaml(const std::string& yaml) {
  impl_->node().UpdateInfo([&](v1::Info& about) { about.set_config_yaml(yaml); });
}
void Server::SetWebListening(const std::vector<std::string>& http, const std::vector<std::string>& agent) {
  impl_->node().UpdateInfo([&](v1::Info& about) {
    about.mutable_http_listening()->Assign(http.begin(), http.end());
    about.mutable_haproxy_agent_listening()->Assign(agent.begin(), agent.end());
  });
}
Result<void> Server::ReloadTls() { return impl_->ReloadTls(); }
void Server::Stop() { impl_->Stop(); }

}  // namespace candor
