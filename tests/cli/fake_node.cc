// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/fake_node.h"

#include <grpcpp/server_builder.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iterator>
#include <sstream>
#include <thread>

#include "candor/v1/admin.grpc.pb.h"
#include "candor/v1/node_health.grpc.pb.h"
#include "cli/candorctl.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "tests/cli/fixtures.h"

namespace candor::cli {
namespace {

using grpc::health::v1::HealthCheckResponse;

class FakeHealth final : public grpc::health::v1::Health::Service {
 public:
  explicit FakeHealth(const Answers& answers) : answers_(answers) {}

  grpc::Status Check(grpc::ServerContext*, const grpc::health::v1::HealthCheckRequest* request,
                     HealthCheckResponse* response) override {
    const auto found = answers_.health.find(request->service());
    if (found == answers_.health.end()) return {grpc::StatusCode::NOT_FOUND, "unknown service"};
    response->set_status(found->second ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING);
    return grpc::Status::OK;
  }

 private:
  const Answers& answers_;
};

class FakeNodeHealth final : public pb::NodeHealth::Service {
 public:
  explicit FakeNodeHealth(Answers& answers) : answers_(answers) {}

  grpc::Status GetVerdict(grpc::ServerContext*, const pb::GetVerdictRequest* request,
                          pb::Verdict* out) override {
    answers_.verdict_request = *request;
    std::this_thread::sleep_for(answers_.delay);
    *out = answers_.verdict;
    if (answers_.knows_servers && !request->server().empty()) out->set_server(request->server());
    return Code(answers_.node_health_code);
  }
  grpc::Status GetInfo(grpc::ServerContext*, const pb::GetInfoRequest*, pb::Info* out) override {
    *out = answers_.info;
    return Code(answers_.info_code != 0 ? answers_.info_code : answers_.node_health_code);
  }
  grpc::Status ListTransitions(grpc::ServerContext*, const pb::ListTransitionsRequest* request,
                               pb::ListTransitionsResponse* out) override {
    answers_.transitions_request = *request;
    *out = answers_.transitions;
    return Code(answers_.node_health_code);
  }
  grpc::Status ListAttempts(grpc::ServerContext*, const pb::ListAttemptsRequest* request,
                            pb::ListAttemptsResponse* out) override {
    answers_.attempts_request = *request;
    *out = answers_.attempts;
    return Code(answers_.node_health_code);
  }
  grpc::Status ListFlows(grpc::ServerContext*, const pb::ListFlowsRequest* request,
                         pb::ListFlowsResponse* out) override {
    answers_.flows_request = *request;
    *out = answers_.flows;
    return Code(answers_.node_health_code);
  }
  grpc::Status WatchVerdict(grpc::ServerContext* context, const pb::WatchVerdictRequest* request,
                            grpc::ServerWriter<pb::Verdict>* writer) override {
    answers_.watch_request = *request;
    if (answers_.node_health_code != 0) return Code(answers_.node_health_code);
    const size_t row = next_stream_++;
    for (const pb::Verdict& verdict : answers_.streams.at(row)) writer->Write(verdict);
    const bool stays = row + 1 == answers_.streams.size();
    while (stays && !context->IsCancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return grpc::Status::OK;
  }

 private:
  grpc::Status Code(int code) const {
    return code == 0 ? grpc::Status::OK
                     : grpc::Status(static_cast<grpc::StatusCode>(code), answers_.error_text);
  }

  Answers& answers_;
  size_t next_stream_ = 0;
};

class FakeAdmin final : public pb::Admin::Service {
 public:
  explicit FakeAdmin(Answers& answers) : answers_(answers) {}

  grpc::Status Drain(grpc::ServerContext*, const pb::DrainRequest* request, pb::AdminResponse* out) override {
    return Take(out, [&](pb::Verdict& v) { v.mutable_drain()->set_reason(request->reason()); });
  }
  grpc::Status Undrain(grpc::ServerContext*, const pb::UndrainRequest*, pb::AdminResponse* out) override {
    return Take(out, [](pb::Verdict& v) { v.clear_drain(); });
  }
  grpc::Status SetOverride(grpc::ServerContext*, const pb::SetOverrideRequest* request,
                           pb::AdminResponse* out) override {
    return Take(out, [&](pb::Verdict& v) {
      v.mutable_state_override()->set_state(request->state());
      v.mutable_state_override()->set_reason(request->reason());
    });
  }
  grpc::Status ResetBaseline(grpc::ServerContext*, const pb::ResetBaselineRequest*,
                             pb::AdminResponse* out) override {
    return Take(out, [](pb::Verdict&) {});
  }

 private:
  grpc::Status Take(pb::AdminResponse* out, const std::function<void(pb::Verdict&)>& change) {
    ++answers_.overrides;
    if (answers_.override_code != 0) {
      return {static_cast<grpc::StatusCode>(answers_.override_code), answers_.error_text};
    }
    if (answers_.takes_overrides) change(answers_.verdict);
    *out->mutable_verdict() = answers_.verdict;
    out->set_not_persisted_reason(answers_.not_persisted_reason);
    std::this_thread::sleep_for(answers_.override_delay);
    return grpc::Status::OK;
  }

  Answers& answers_;
};

}  // namespace

class FakeNode::Impl {
 public:
  explicit Impl(Answers& answers) : health_(answers), node_health_(answers), admin_(answers) {
    char name[] = "/tmp/candor-test-XXXXXX";
    folder_ = ::mkdtemp(name);
    grpc::ServerBuilder builder;
    builder.AddListeningPort("unix:" + admin_path(), grpc::InsecureServerCredentials());
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&health_);
    builder.RegisterService(&node_health_);
    builder.RegisterService(&admin_);
    server_ = builder.BuildAndStart();
  }
  ~Impl() {
    server_->Shutdown(std::chrono::system_clock::now());
    server_.reset();
    std::filesystem::remove_all(folder_);
  }
  int port() const { return port_; }
  std::string admin_path() const { return folder_ + "/admin.sock"; }

 private:
  int port_ = 0;
  FakeHealth health_;
  FakeNodeHealth node_health_;
  FakeAdmin admin_;
  std::string folder_;
  std::unique_ptr<grpc::Server> server_;
};

FakeNode::FakeNode() : impl_(std::make_unique<Impl>(answers)) {}
FakeNode::~FakeNode() = default;

std::string FakeNode::address() const { return "127.0.0.1:" + std::to_string(impl_->port()); }

std::string FakeNode::admin_path() const { return impl_->admin_path(); }

Environment TestEnvironment(const std::string& address) {
  Environment environment;
  environment.address = address;
  environment.now = [] { return kNow; };
  environment.read_host = [] { return HostFacts{}; };
  return environment;
}

Ran Ctl(const Environment& environment, const std::string& arguments) {
  std::istringstream words(arguments);
  const std::vector<std::string> split{std::istream_iterator<std::string>(words), {}};
  std::ostringstream out, err;
  const int code = RunCandorctl(split, environment, out, err);
  return {code, out.str(), err.str()};
}

Ran Ctl(const std::string& address, const std::string& arguments, bool may_colour, const HostFacts& host) {
  Environment environment = TestEnvironment(address);
  environment.may_colour = may_colour;
  environment.read_host = [&host] { return host; };
  return Ctl(environment, arguments);
}

}  // namespace candor::cli
