// SPDX-License-Identifier: Apache-2.0
#include "serve/server.h"

#include <google/protobuf/util/time_util.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <mutex>

#include "serve/health_service.h"
#include "serve/listen_address.h"
#include "serve/node_health_service.h"
#include "serve/watch_hub.h"

namespace candor {
namespace {

using google::protobuf::util::TimeUtil;

int Millis(Duration d) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(d).count());
}

v1::Info ToInfo(const AboutDaemon& about) {
  v1::Info info;
  info.set_version(about.version);
  const std::chrono::nanoseconds started = about.started_at.time_since_epoch();
  *info.mutable_started_at() = TimeUtil::NanosecondsToTimestamp(started.count());
  info.set_config_file(about.config_file);
  info.set_config_yaml(about.config_yaml);
  info.set_self_report_target(about.self_report_target);
  return info;
}

Result<std::vector<ListenAddress>> ParseAll(const std::vector<std::string>& texts) {
  if (texts.empty()) return Fail("no address to listen on; expected at least one like 127.0.0.1:7460");
  std::vector<ListenAddress> addresses;
  for (const std::string& text : texts) {
    auto address = ListenAddress::Parse(text);
    if (!address) return tl::make_unexpected(address.error());
    const bool twice = std::any_of(addresses.begin(), addresses.end(),
                                   [&](const ListenAddress& a) { return a.text == address->text; });
    if (twice && address->is_fixed()) return Fail("cannot listen on " + text + ": it is listed twice");
    if (auto free = CheckFree(*address); !free) return tl::make_unexpected(free.error());
    addresses.push_back(std::move(*address));
  }
  return addresses;
}

void Configure(const ServeOptions& options, grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(options.max_request_bytes);
  // With it on, a second daemon on the same port would silently take half of the clients.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // A watcher whose host vanished keeps its stream until somebody asks after it.
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, Millis(options.keepalive_time));
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Millis(options.keepalive_timeout));
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // Watchers ping too, and must not be sent away for it (the library's default allows one in 5 minutes).
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5000);
}

// The configured text with the opened port for ":0".
std::string Opened(const ListenAddress& address, int port) {
  if (address.is_unix()) return address.text;
  return address.text.substr(0, address.text.rfind(':') + 1) + std::to_string(port);
}

}  // namespace

class Server::Impl {
 public:
  Impl(const ServeOptions& options, Board& board, const AboutDaemon& about)
      : options_(options), hub_(board), health_(board, hub_), node_(board, hub_, ToInfo(about)) {}
  ~Impl() { Stop(); }

  Result<void> Listen(const std::vector<ListenAddress>& addresses) {
    // Both are switches of the whole process; candord has this one server.
    grpc::EnableDefaultHealthCheckService(false);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    grpc::ServerBuilder builder;
    Configure(options_, &builder);
    std::vector<int> ports(addresses.size(), 0);
    for (size_t i = 0; i < addresses.size(); ++i) {
      builder.AddListeningPort(addresses[i].text, grpc::InsecureServerCredentials(), &ports[i]);
    }
    builder.RegisterService(&health_);
    builder.RegisterService(&node_);
    server_ = builder.BuildAndStart();
    if (!server_) return WhyNot(addresses);
    for (size_t i = 0; i < addresses.size(); ++i) listening_.push_back(Opened(addresses[i], ports[i]));
    node_.SetListening(listening_);
    return SetModes(addresses);
  }

  const std::vector<std::string>& listening() const { return listening_; }

  void Stop() {
    const std::lock_guard lock(stop_mutex_);
    if (stopped_) return;
    stopped_ = true;
    hub_.Stop();
    if (!server_) return;
    server_->Shutdown(
        std::chrono::system_clock::now() +
        std::chrono::duration_cast<std::chrono::system_clock::duration>(options_.shutdown_grace));
    server_->Wait();
  }

 private:
  // Somebody came between the check and the bind, or the library has reasons of its own.
  Result<void> WhyNot(const std::vector<ListenAddress>& addresses) const {
    std::string all;
    for (const ListenAddress& address : addresses) {
      if (auto free = CheckFree(address); !free) return free;
      all += (all.empty() ? "" : ", ") + address.text;
    }
    return Fail("cannot listen on " + all + ": do two of them stand for the same port?");
  }

  Result<void> SetModes(const std::vector<ListenAddress>& addresses) const {
    for (const ListenAddress& address : addresses) {
      if (!address.is_unix()) continue;
      if (::chmod(address.path.c_str(), static_cast<mode_t>(options_.unix_mode)) != 0) {
        return FailErrno("cannot set the mode of " + address.text, errno);
      }
    }
    return {};
  }

  const ServeOptions options_;
  WatchHub hub_;
  HealthService health_;
  NodeHealthService node_;
  std::vector<std::string> listening_;
  std::mutex stop_mutex_;
  bool stopped_ = false;
  std::unique_ptr<grpc::Server> server_;  // last: streams of it use all of the above
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::Start(const ServeOptions& options, Board& board,
                                              const AboutDaemon& about) {
  auto addresses = ParseAll(options.grpc_listen);
  if (!addresses) return tl::make_unexpected(addresses.error());
  auto impl = std::make_unique<Impl>(options, board, about);
  if (auto ok = impl->Listen(*addresses); !ok) return tl::make_unexpected(ok.error());
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

const std::vector<std::string>& Server::listening() const { return impl_->listening(); }
void Server::Stop() { impl_->Stop(); }

}  // namespace candor
