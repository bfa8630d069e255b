// SPDX-License-Identifier: Apache-2.0
#include "net/grpc_listener.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>

namespace candor {
namespace {

// As many as the system lets this process have.
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
  // A watcher whose host vanished keeps its stream until somebody asks after it.
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, Millis(options.keepalive_time));
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Millis(options.keepalive_timeout));
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // The library's default lets a silent connection keep its place for two minutes.
  builder->AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, Millis(options.handshake_timeout));
  // Watchers ping too, and must not be sent away for it (the library's default allows one in 5 minutes).
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5000);
}

struct Listeners {
  std::vector<Listener> all;
  std::vector<std::string> texts;  // one for each address
};

// Shared, so that the next candord can begin to answer before this one stops. One that comes by mistake would
// take half of the clients: CheckFree() keeps it out.
Result<Listeners> ListenOnAll(const std::vector<ListenAddress>& addresses, int unix_mode) {
  Listeners out;
  for (const ListenAddress& address : addresses) {
    auto some = ListenOn(address, unix_mode, true);
    if (!some) return tl::make_unexpected(some.error());
    out.texts.push_back(some->front().text);
    for (Listener& l : *some) out.all.push_back(std::move(l));
  }
  return out;
}

using Acceptor = std::shared_ptr<grpc::experimental::ExternalConnectionAcceptor>;

Acceptor AddAcceptor(grpc::ServerBuilder* builder, const std::shared_ptr<grpc::ServerCredentials>& how) {
  using Type = grpc::ServerBuilder::experimental_type::ExternalConnectionType;
  return builder->experimental().AddExternalConnectionAcceptor(Type::FROM_FD, how);
}

// `plain` for unix sockets, `tcp` for the others.
AcceptorThread::OnAccept HandTo(const std::vector<Listener>& listeners, const Acceptor& tcp,
                                const Acceptor& plain) {
  std::vector<int> unix_sockets;
  for (const Listener& l : listeners) {
    if (!l.path.empty()) unix_sockets.push_back(l.fd.get());
  }
  return [=](int listener, int fd) {
    const bool is_unix = std::find(unix_sockets.begin(), unix_sockets.end(), listener) != unix_sockets.end();
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.listener_fd = listener;
    connection.fd = fd;
    (is_unix ? plain : tcp)->HandleNewConnection(&connection);
  };
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
    if (auto free = CheckFree(*address, &held); !free && !(take_over && IsInUse(free.error()))) {
      held.clear();
      if (!CheckFree(*address)) return tl::make_unexpected(free.error());
      return Fail("cannot listen on " + text + " too: do two of them stand for the same port?");
    }
    addresses.push_back(std::move(*address));
  }
  return addresses;
}

Result<GrpcListener> ListenGrpc(const ServeOptions& options, const std::vector<ListenAddress>& addresses,
                                const std::shared_ptr<grpc::ServerCredentials>& tcp,
                                const std::vector<grpc::Service*>& services,
                                AcceptorThread::OnShortage trouble) {
  AllowManyFiles();
  auto listeners = ListenOnAll(addresses, options.unix_mode);
  if (!listeners) return tl::make_unexpected(listeners.error());
  grpc::ServerBuilder builder;
  Configure(options, &builder);
  Acceptor for_tcp, plain;
  if (!addresses.empty()) {
    for_tcp = AddAcceptor(&builder, tcp);
    plain = AddAcceptor(&builder, grpc::InsecureServerCredentials());
  }
  for (grpc::Service* service : services) builder.RegisterService(service);
  GrpcListener out;
  out.server = builder.BuildAndStart();
  if (!out.server) return Fail("the gRPC library does not start a server");
  out.listening = std::move(listeners->texts);
  if (!addresses.empty()) {
    auto on_accept = HandTo(listeners->all, for_tcp, plain);
    auto acceptor = AcceptorThread::Open(std::move(listeners->all), std::move(on_accept), std::move(trouble));
    if (!acceptor) return tl::make_unexpected(acceptor.error());
    out.acceptor = std::move(*acceptor);
  }
  return out;
}

}  // namespace candor
