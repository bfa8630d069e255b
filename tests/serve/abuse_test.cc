// SPDX-License-Identifier: Apache-2.0
//
// Input to the gRPC port that no well-behaved client sends. The server goes on to answer all other clients.
// (The HTTP and agent ports: tests/web/abuse_test.cc.)
#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <sys/resource.h>

#include <future>

#include "tests/serve/harness.h"
#include "tests/web/client.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using web::Client;

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr std::string_view kSettings{"\0\0\0\4\0\0\0\0\0", 9};

class GrpcAbuse : public Served {
 protected:
  void SetUp() override {
    ServeOptions options{.grpc_listen = {"127.0.0.1:0"}};
    options.handshake_timeout = 1s;
    StartServer(options);
    snapshots_.Publish(SnapshotOf(State::kHealthy));
  }
  std::string Address() const { return server_->listening().front(); }
  // Whether the server closes a connection that sends only `text`.
  bool ClosesAfter(std::string_view text) const {
    const Client client(Address());
    EXPECT_TRUE(client.Ok());
    client.Send(text);
    client.ReadAll();  // its SETTINGS and GOAWAY
    return client.IsClosed();
  }
  // A unary call with `bytes` in place of the request.
  grpc::Status CallWith(const std::string& method, std::string_view bytes) {
    grpc::GenericStub stub(channel_);
    const grpc::Slice slice(bytes.data(), bytes.size());
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    Call call;
    std::promise<grpc::Status> done;
    stub.UnaryCall(&call.context, method, {}, &request, &response,
                   [&](const grpc::Status& s) { done.set_value(s); });
    return done.get_future().get();
  }
  void ExpectOtherClientsAreAnswered() {
    EXPECT_EQ(StatusOf(""), HealthResponse::SERVING);
    health_ = grpc::health::v1::Health::NewStub(NewChannel(Address()));  // a new connection too
    EXPECT_EQ(StatusOf(""), HealthResponse::SERVING);
  }
};

TEST_F(GrpcAbuse, ASilentConnectionIsClosed) {
  EXPECT_TRUE(ClosesAfter(""));
  EXPECT_TRUE(ClosesAfter(kPreface.substr(0, 10)));
  EXPECT_TRUE(ClosesAfter(kPreface));
  ExpectOtherClientsAreAnswered();
}

TEST_F(GrpcAbuse, OtherProtocolsAreClosed) {
  EXPECT_TRUE(ClosesAfter("GET /readyz HTTP/1.1\r\nHost: here\r\n\r\n"));
  EXPECT_TRUE(ClosesAfter(std::string(100'000, '\xff')));
  ExpectOtherClientsAreAnswered();
}

TEST_F(GrpcAbuse, FramesThatBreakTheProtocolEndTheirConnectionOnly) {
  const std::string begin = std::string(kPreface) + std::string(kSettings);
  const std::string_view no_header_block("\0\0\3\1\4\0\0\0\1\xff\xff\xff", 12);
  const std::string_view beyond_every_bound("\xff\xff\xff\0\0\0\0\0\1", 9);
  EXPECT_TRUE(ClosesAfter(begin + std::string(no_header_block)));
  EXPECT_TRUE(ClosesAfter(begin + std::string(beyond_every_bound)));
  ExpectOtherClientsAreAnswered();
}

TEST_F(GrpcAbuse, FramesForUnknownStreamsHaveNoEffect) {
  const Client client(Address());
  client.Send(kPreface);
  client.Send(kSettings);
  const std::string_view data_on_none("\0\0\1\0\0\0\0\0\0x", 10), data_on_closed("\0\0\1\0\0\0\0\0\7x", 10);
  const std::string_view headers_on_an_even_one("\0\0\1\1\4\0\0\0\2\x83", 10);
  for (int i = 0; i < 1000; ++i) {
    for (const std::string_view frame : {data_on_none, data_on_closed, headers_on_an_even_one})
      client.Send(frame);
  }
  ExpectOtherClientsAreAnswered();
}

TEST_F(GrpcAbuse, InvalidMessagesAndUnknownMethodsAreRefused) {
  const std::string check = "/grpc.health.v1.Health/Check";
  EXPECT_FALSE(CallWith(check, "\xff\xff\xff\xff").ok()) << "no protobuf";
  EXPECT_FALSE(CallWith(check, std::string_view("\x0a\x7f", 2)).ok()) << "cut off within a string";
  EXPECT_EQ(CallWith("/grpc.health.v1.Health/Chekc", "").error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(CallWith("/no.such.Service/Check", "").error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(CallWith("/candor.v1.NodeHealth/GetVerdict", std::string(70'000, '\n')).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  ExpectOtherClientsAreAnswered();
}

TEST_F(GrpcAbuse, AClosedWatchLeavesNothingBehind) {
  for (int i = 0; i < 50; ++i) {
    Call call;
    HealthReader reader = Watch(call, "");
    EXPECT_EQ(Next(reader), HealthResponse::SERVING);
    call.context.TryCancel();
  }
  snapshots_.Publish(SnapshotOf(State::kFailing));
  snapshots_.Publish(SnapshotOf(State::kHealthy));
  ExpectOtherClientsAreAnswered();
}

// Both ends are in this process, so half of its file descriptors is what it can hold.
TEST_F(GrpcAbuse, TenThousandHalfOpenConnectionsDoNotDelayOthers) {
  ServeOptions options{.grpc_listen = {"127.0.0.1:0"}};
  options.handshake_timeout = 5s;
  StartServer(options);
  ASSERT_EQ(StatusOf(""), HealthResponse::SERVING);
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(limit.rlim_cur, limit.rlim_max) << "the server raises its limit of file descriptors";
  const size_t count = std::min<size_t>(10'000, limit.rlim_max / 2 - 100);
  std::vector<std::unique_ptr<Client>> all;
  for (size_t i = 0; i < count; ++i) {
    all.push_back(std::make_unique<Client>(Address()));
    ASSERT_TRUE(all.back()->Ok()) << i;
  }
  std::chrono::nanoseconds longest{};
  for (int i = 0; i < 50; ++i) {
    const auto began = std::chrono::steady_clock::now();
    HealthResponse response;
    const grpc::Status status = Check("", &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    longest = std::max<std::chrono::nanoseconds>(longest, std::chrono::steady_clock::now() - began);
  }
  printf("%zu half-open connections held; the slowest of 50 checks took %.1f ms\n", count,
         std::chrono::duration<double, std::milli>(longest).count());
  EXPECT_LT(longest, 2s);
  all.front()->ReadAll();  // the server's SETTINGS
  EXPECT_TRUE(all.front()->IsClosed()) << "a silent connection is closed";
  all.clear();
  ExpectOtherClientsAreAnswered();
}

}  // namespace
}  // namespace candor
