// SPDX-License-Identifier: Apache-2.0
#include "net/grpc_listener.h"

#include <grpcpp/security/server_credentials.h>
#include <sys/resource.h>

#include <utility>

namespace candor {
namespace {

using grpc::experimental::ExternalConnectionAcceptor;

void RaiseDescriptorLimit() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == files.rlim_max) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

std::shared_ptr<ExternalConnectionAcceptor> AddEntry(
    grpc::ServerBuilder& builder, const std::shared_ptr<grpc::ServerCredentials>& credentials) {
  using Type = grpc::ServerBuilder::experimental_type::ExternalConnectionType;
  return builder.experimental().AddExternalConnectionAcceptor(Type::FROM_FD, credentials);
}

Acceptor::OnAccept PassTo(std::shared_ptr<ExternalConnectionAcceptor> entry, int listener) {
  return [entry = std::move(entry), listener](UniqueFd connection) {
    ExternalConnectionAcceptor::NewConnectionParameters parameters;
    parameters.listener_fd = listener;
    parameters.fd = connection.Release();
    entry->HandleNewConnection(&parameters);
  };
}

}  // namespace

Result<GrpcListener> ListenGrpc(grpc::ServerBuilder& builder, const std::vector<ListenAddress>& addresses,
                                int unix_mode, const std::shared_ptr<grpc::ServerCredentials>& tcp,
                                const ShortageLog& log) {
  RaiseDescriptorLimit();
  GrpcListener out;
  std::vector<Listener> listeners;
  for (const ListenAddress& address : addresses) {
    auto some = ListenOn(address, unix_mode, true);
    if (!some) return tl::make_unexpected(some.error());
    out.listening.push_back(some->front().text);
    for (Listener& l : *some) listeners.push_back(std::move(l));
  }
  std::shared_ptr<ExternalConnectionAcceptor> secured, plaintext;
  if (!addresses.empty()) {
    secured = AddEntry(builder, tcp);
    plaintext = AddEntry(builder, grpc::InsecureServerCredentials());
  }
  out.server = builder.BuildAndStart();
  if (!out.server) return Fail("the gRPC library does not start a server");
  if (addresses.empty()) return out;
  auto thread = AcceptorThread::Create();
  if (!thread) return tl::make_unexpected(thread.error());
  out.acceptor = std::move(*thread);
  for (Listener& l : listeners) {
    auto on_accept = PassTo(l.is_unix ? plaintext : secured, l.fd.get());
    auto on_shortage = LogShortage(l.text, log);
    auto ok = out.acceptor->Add(std::move(l), std::move(on_accept), std::move(on_shortage));
    if (!ok) return tl::make_unexpected(ok.error());
  }
  out.acceptor->Start();
  return out;
}

}  // namespace candor
