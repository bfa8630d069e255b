// SPDX-License-Identifier: Apache-2.0
#include "serve/grpc_listener.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace candor {
namespace {

// As many as the system lets this process have: gRPC's listener (1.51) never accepts again once one accept
// failed for want of a file descriptor.
void AllowManyFiles() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == files.rlim_max) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

int Millis(Duration d) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(d).count());
}

void Configure(const ServeOptions& options, grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(options.max_request_bytes);
  // So that the next candord can begin to answer before this one stops. One that comes by mistake would take
  // half of the clients: CheckFree() keeps it out.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 1);
  // A watcher whose host vanished keeps its stream until somebody asks after it.
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, Millis(options.keepalive_time));
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Millis(options.keepalive_timeout));
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // The library's default lets a silent connection keep its place for two minutes.
  builder->AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, Millis(options.handshake_timeout));
  // Watchers ping too, and must not be sent away for it (the library's default allows one in 5 minutes).
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5000);
}

// The configured text with the opened port for ":0".
std::string Opened(const ListenAddress& address, int port) {
  if (address.is_unix()) return address.text;
  return address.text.substr(0, address.text.rfind(':') + 1) + std::to_string(port);
}

// Somebody came between the check and the bind, or the library has reasons of its own.
Error WhyNot(const std::vector<ListenAddress>& addresses) {
  std::string all;
  for (const ListenAddress& address : addresses) {
    if (auto free = CheckFree(address); !free) return free.error();
    all += (all.empty() ? "" : ", ") + address.text;
  }
  return Error{"cannot listen on " + all + ": do two of them stand for the same port?", 0};
}

Result<void> SetModes(const std::vector<ListenAddress>& addresses, int mode) {
  for (const ListenAddress& address : addresses) {
    if (!address.is_unix()) continue;
    if (::chmod(address.path.c_str(), static_cast<mode_t>(mode)) != 0) {
      return FailErrno("cannot set the mode of " + address.text, errno);
    }
  }
  return {};
}

}  // namespace

Result<std::vector<ListenAddress>> ParseAddresses(const std::vector<std::string>& texts, bool take_over) {
  std::vector<ListenAddress> addresses;
  std::vector<UniqueFd> held;  // gRPC shares ports, so it would not notice one that is named twice
  for (const std::string& text : texts) {
    auto address = ListenAddress::Parse(text);
    if (!address) return tl::make_unexpected(address.error());
    const bool twice = std::any_of(addresses.begin(), addresses.end(),
                                   [&](const ListenAddress& a) { return a.text == address->text; });
    if (twice && address->is_fixed()) return Fail("cannot listen on " + text + ": it is listed twice");
    if (!take_over || address->is_unix()) {
      if (auto free = CheckFree(*address, &held); !free) {
        held.clear();
        if (!CheckFree(*address)) return tl::make_unexpected(free.error());
        return Fail("cannot listen on " + text + " too: do two of them stand for the same port?");
      }
    }
    addresses.push_back(std::move(*address));
  }
  return addresses;
}

Result<GrpcListener> ListenGrpc(const ServeOptions& options, const std::vector<ListenAddress>& addresses,
                                const std::shared_ptr<grpc::ServerCredentials>& tcp,
                                const std::vector<grpc::Service*>& services) {
  AllowManyFiles();
  grpc::ServerBuilder builder;
  Configure(options, &builder);
  std::vector<int> ports(addresses.size(), 0);
  for (size_t i = 0; i < addresses.size(); ++i) {
    const auto credentials = addresses[i].is_unix() ? grpc::InsecureServerCredentials() : tcp;
    builder.AddListeningPort(addresses[i].text, credentials, &ports[i]);
  }
  for (grpc::Service* service : services) builder.RegisterService(service);
  GrpcListener out;
  out.server = builder.BuildAndStart();
  if (!out.server) return tl::make_unexpected(WhyNot(addresses));
  for (size_t i = 0; i < addresses.size(); ++i) out.listening.push_back(Opened(addresses[i], ports[i]));
  if (auto ok = SetModes(addresses, options.unix_mode); !ok) return tl::make_unexpected(ok.error());
  return out;
}

}  // namespace candor
