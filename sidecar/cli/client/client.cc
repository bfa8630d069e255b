// SPDX-License-Identifier: Apache-2.0
#include "cli/client/client.h"

#include <fmt/format.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include "base/host_port.h"
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
  // The environment's http_proxy is not for the node's own addresses.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // Without the global subchannel pool: the back-off of an earlier connection would delay this one.
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

// The channel's last error. gRPC returns it only from a call, which fails at once on a channel that cannot
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
  if (address.starts_with(kUnix)) return address.size() > kUnix.size();
  const auto parts = ParseHostPort(address);
  return parts && parts->port > 0 && parts->host.find_first_of("/ ") == std::string_view::npos;
}

Client::Client(std::string address, std::chrono::milliseconds timeout,
               const std::shared_ptr<grpc::Channel>& channel)
    : address_(std::move(address)),
      timeout_(timeout),
      stubs_(pb::NodeHealth::NewStub(channel), grpc::health::v1::Health::NewStub(channel),
             pb::Admin::NewStub(channel)) {}

Answer<Client> Client::Connect(const std::string& address, std::chrono::milliseconds timeout,
                               const TlsFiles& tls) {
  const auto credentials = CredentialsFor(address, tls);
  if (!credentials) return tl::make_unexpected(credentials.error());
  const std::shared_ptr<grpc::Channel> channel = OpenChannel(address, tls, *credentials);
  if (!WaitReady(*channel, std::chrono::system_clock::now() + timeout)) {
    ConnectFailure failed{address, tls.wanted() && !address.starts_with(kUnix), true, "", timeout};
    failed.failed_early = channel->GetState(false) == GRPC_CHANNEL_TRANSIENT_FAILURE;
    if (failed.failed_early) failed.grpc_error = LastError(*channel, timeout);
    Failure failure{kExitConnect, ""};
    failure.reason = ExplainConnectFailure(failed);
    failure.message = fmt::format("cannot reach candord at {}{}: {}", Printable(address),
                                  failed.tls ? " over TLS" : "", failure.reason);
    return tl::make_unexpected(failure);
  }
  return Client(address, timeout, channel);
}

// Whether the port serves grpc.health.v1 alone, as an address of listen.health_only does.
bool Client::IsHealthOnly() const {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + timeout_);
  grpc::health::v1::HealthCheckResponse ignored;
  return stub<grpc::health::v1::Health::Stub>().Check(&context, {}, &ignored).ok();
}

Failure Client::Explain(const grpc::Status& status) const {
  const std::string address = Printable(address_);
  const std::string text = Printable(status.error_message());
  switch (status.error_code()) {
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return {kExitRpc,
              fmt::format(
                  "{} accepted the call and did not answer within {} ms; candord is stopped or overloaded: "
                  "check its process, or give a longer --timeout",
                  address, timeout_.count()),
              true};
    case grpc::StatusCode::UNIMPLEMENTED:
      if (IsHealthOnly()) {
        return {
            kExitRpc,
            fmt::format("{} answers health checks only (an address of the setting listen.health_only?): give "
                        "--address one of listen.grpc, or use candorctl probe",
                        address)};
      }
      return {kExitRpc,
              fmt::format("{} does not serve this call; it is not candord, or another version of it: "
                          "check --address",
                          address)};
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::FAILED_PRECONDITION:
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return {kExitRpc, fmt::format("{} refused: {}", address, text)};
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::CANCELLED:
      return {kExitRpc,
              fmt::format("the connection to {} ended before the answer: {}; candord has ended or is being "
                          "restarted: check its process and its log",
                          address, text),
              true};
    default:
      return {kExitRpc,
              fmt::format(
                  "the call to {} failed: {} (gRPC code {}); is this candord? check --address, or candord's "
                  "log",
                  address, text, static_cast<int>(status.error_code())),
              true};
  }
}

}  // namespace candor::cli
