// SPDX-License-Identifier: Apache-2.0
#include "cli/client/client.h"

#include <fmt/format.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <charconv>

#include "cli/client/connect_failure.h"
#include "cli/client/credentials.h"
#include "cli/render/text.h"

namespace candor::cli {
namespace {

constexpr std::string_view kUnix = "unix:";

std::shared_ptr<grpc::Channel> OpenChannel(const std::string& address, const TlsFiles& tls,
                                           const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  if (!tls.name.empty()) arguments.SetSslTargetNameOverride(tls.name);
  // An http_proxy meant for the world must not stand between an operator and the node's loopback.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // A pool of one's own: an earlier connection's back-off must not delay this one.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, credentials, arguments);
}

bool WaitReady(grpc::Channel& channel, std::chrono::system_clock::time_point deadline) {
  grpc_connectivity_state state = channel.GetState(true);
  while (state != GRPC_CHANNEL_READY) {
    if (state == GRPC_CHANNEL_TRANSIENT_FAILURE || state == GRPC_CHANNEL_SHUTDOWN) return false;
    if (!channel.WaitForStateChange(state, deadline)) return false;
    state = channel.GetState(true);
  }
  return true;
}

// The channel's last error, which gRPC tells only through a call: it fails at once on a channel that cannot
// connect.
std::string LastError(grpc::Channel& channel, std::chrono::milliseconds timeout) {
  pb::NodeHealth::Stub stub(std::shared_ptr<grpc::Channel>(&channel, [](grpc::Channel*) {}));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + timeout);
  pb::Info ignored;
  return stub.GetInfo(&context, {}, &ignored).error_message();
}

}  // namespace

bool IsAddress(std::string_view address) {
  if (address.substr(0, kUnix.size()) == kUnix) return address.size() > kUnix.size();
  const size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view host = address.substr(0, colon), port = address.substr(colon + 1);
  const bool bracketed = host.front() == '[' && host.back() == ']';
  if (!bracketed && host.find(':') != std::string_view::npos) return false;
  if (host.find_first_of("/ ") != std::string_view::npos) return false;
  uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  return error == std::errc() && end == port.data() + port.size() && number > 0;
}

Client::Client(std::string address, std::chrono::milliseconds timeout,
               const std::shared_ptr<grpc::Channel>& channel)
    : address_(std::move(address)),
      timeout_(timeout),
      node_(pb::NodeHealth::NewStub(channel)),
      health_(grpc::health::v1::Health::NewStub(channel)),
      admin_(pb::Admin::NewStub(channel)) {}

Answer<Client> Client::Connect(const std::string& address, std::chrono::milliseconds timeout,
                               const TlsFiles& tls) {
  const auto credentials = CredentialsFor(address, tls);
  if (!credentials) return tl::make_unexpected(credentials.error());
  const std::shared_ptr<grpc::Channel> channel = OpenChannel(address, tls, *credentials);
  if (!WaitReady(*channel, std::chrono::system_clock::now() + timeout)) {
    ConnectFailure u{address, tls.wanted() && !address.starts_with(kUnix), true, "", timeout};
    u.failed_early = channel->GetState(false) == GRPC_CHANNEL_TRANSIENT_FAILURE;
    if (u.failed_early) u.said = LastError(*channel, timeout);
    Failure failure{kExitConnect, ""};
    failure.reason = ExplainConnectFailure(u);
    failure.message = fmt::format("cannot reach candord at {}{}: {}", Printable(address),
                                  u.tls ? " over TLS" : "", failure.reason);
    return tl::make_unexpected(failure);
  }
  return Client(address, timeout, channel);
}

// grpc.health.v1 answers on such a port, for the kubelet, and nothing else does.
bool Client::IsHealthOnly() const {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + timeout_);
  grpc::health::v1::HealthCheckResponse ignored;
  return health_->Check(&context, {}, &ignored).ok();
}

Failure Client::Explain(const grpc::Status& status) const {
  const std::string who = Printable(address_);
  const std::string said = Printable(status.error_message());
  switch (status.error_code()) {
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return {kExitRpc,
              fmt::format("{} accepted the call and did not answer within {} ms; candord is stopped "
                          "or overloaded: look at its process, or give a longer --timeout",
                          who, timeout_.count()),
              true};
    case grpc::StatusCode::UNIMPLEMENTED:
      if (IsHealthOnly()) {
        return {kExitRpc,
                fmt::format("{} answers health checks only (an address of the setting listen.health_only?): "
                            "give --address one of listen.grpc, or use candorctl probe",
                            who)};
      }
      return {kExitRpc,
              fmt::format("{} does not know this call; it is no candord, or one of another version: "
                          "check --address",
                          who)};
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::FAILED_PRECONDITION:
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return {kExitRpc, fmt::format("{} refused: {}", who, said)};
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::CANCELLED:
      return {kExitRpc,
              fmt::format("the connection to {} ended before the answer: {}; candord has ended or is being "
                          "restarted: look at its process and its log",
                          who, said),
              true};
    default:
      return {kExitRpc,
              fmt::format("the call to {} failed: {} (gRPC code {}); is this candord? check "
                          "--address, or candord's log",
                          who, said, static_cast<int>(status.error_code())),
              true};
  }
}

Answer<Client> Connect(const Session& session) {
  return Client::Connect(session.address, session.timeout, session.tls);
}

int Report(Session& session, const Failure& failure) {
  session.err << "candorctl: " << failure.message << "\n";
  return failure.exit_code;
}

}  // namespace candor::cli
