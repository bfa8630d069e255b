// SPDX-License-Identifier: Apache-2.0
#include "serve/server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <future>

#include "base/unique_fd.h"
#include "tests/serve/harness.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// A directory of the test's own, with a path short enough for a socket.
struct TempDir {
  std::string path;
  TempDir() {
    char name[] = "/tmp/candor-test-XXXXXX";
    path = ::mkdtemp(name);
  }
  ~TempDir() { std::filesystem::remove_all(path); }
};

class ServerTest : public Served {
 protected:
  static std::string Refusal(const std::vector<std::string>& listen) {
    SnapshotStore snapshots;
    History history(1, [] { return WallTime{}; });
    SelfReportAggregator self_reports(false, PushFrom::kOff, std::chrono::seconds(1), {});
    const auto started =
        Server::Start(ServeOptions{.grpc_listen = listen}, {snapshots, history, self_reports}, {});
    return started ? "" : started.error().message;
  }
};

TEST_F(ServerTest, ReportsThePortItOpened) {
  ASSERT_EQ(server_->listening().size(), 1u);
  EXPECT_TRUE(server_->listening().front().starts_with("127.0.0.1:"));
  EXPECT_NE(server_->listening().front(), "127.0.0.1:0");
}

TEST_F(ServerTest, RefusesAPortWhereAnotherDaemonListens) {
  const std::string taken = server_->listening().front();
  const std::string why = Refusal({taken});
  EXPECT_THAT(why, HasSubstr("cannot listen on " + taken));
  EXPECT_THAT(why, HasSubstr("another process listens there already"));
  EXPECT_THAT(why, HasSubstr("choose another address"));
  // The first one goes on; one good address does not make up for a taken one.
  EXPECT_THAT(Refusal({"127.0.0.1:0", taken}), HasSubstr(taken));
  EXPECT_EQ(StatusOf(""), HealthResponse::NOT_SERVING);
}

TEST_F(ServerTest, RefusesAnAddressListedTwice) {
  const std::string port = server_->listening().front();
  server_.reset();
  EXPECT_THAT(Refusal({port, port}), HasSubstr("listed twice"));
  // The same port by two names: only binding shows it.
  const std::string number = port.substr(port.rfind(':') + 1);
  EXPECT_THAT(Refusal({port, "127.0.0.01:" + number}), HasSubstr("two of them stand for the same port"));
  StartServer(ServeOptions{.grpc_listen = {"127.0.0.1:0", "127.0.0.1:0"}});
  EXPECT_NE(server_->listening()[0], server_->listening()[1]);
}

TEST_F(ServerTest, ItsPortIsFreeAgainOnceItHasStopped) {
  const std::string port = server_->listening().front();
  snapshots_.Publish(SnapshotOf(State::kHealthy));
  EXPECT_EQ(StatusOf(""), HealthResponse::SERVING);
  StartServer(ServeOptions{.grpc_listen = {port}});
  EXPECT_EQ(StatusOf(""), HealthResponse::SERVING);
}

TEST_F(ServerTest, RefusesNoAddressAndInvalidOnes) {
  EXPECT_THAT(Refusal({}), HasSubstr("no address to listen on"));
  EXPECT_THAT(Refusal({"nonsense"}), HasSubstr("'nonsense'"));
}

TEST_F(ServerTest, ListensOnSeveralAddressesAtOnce) {
  const TempDir dir;
  const std::string socket = "unix:" + dir.path + "/grpc.sock";
  StartServer(ServeOptions{.grpc_listen = {socket, "127.0.0.1:0", "[::1]:0"}});
  ASSERT_EQ(server_->listening().size(), 3u);
  for (const std::string& address : server_->listening()) {
    health_ = grpc::health::v1::Health::NewStub(NewChannel(address));
    EXPECT_EQ(StatusOf(""), HealthResponse::NOT_SERVING) << address;
  }
}

TEST_F(ServerTest, AUnixSocketHasItsModeAndIsRemovedAtTheEnd) {
  const TempDir dir;
  const std::string path = dir.path + "/grpc.sock";
  StartServer(ServeOptions{.grpc_listen = {"unix:" + path}});
  struct stat st {};
  ASSERT_EQ(::stat(path.c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 07777, 0660u);
  server_.reset();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(ServerTest, RefusesAUnixSocketWhereAnotherServerListens) {
  const TempDir dir;
  const std::string address = "unix:" + dir.path + "/grpc.sock";
  StartServer(ServeOptions{.grpc_listen = {address}});
  EXPECT_THAT(Refusal({address}), HasSubstr("another process listens there already"));
  EXPECT_EQ(StatusOf(""), HealthResponse::NOT_SERVING);
}

TEST_F(ServerTest, ReplacesAStaleSocketButNoOtherFile) {
  const TempDir dir;
  const std::string stale = dir.path + "/stale.sock";
  {
    const UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un a{};
    a.sun_family = AF_UNIX;
    std::memcpy(a.sun_path, stale.c_str(), stale.size());
    ASSERT_EQ(::bind(fd.get(), reinterpret_cast<sockaddr*>(&a), sizeof a), 0);
  }
  StartServer(ServeOptions{.grpc_listen = {"unix:" + stale}});
  EXPECT_EQ(StatusOf(""), HealthResponse::NOT_SERVING);
  const std::string file = dir.path + "/notes.txt";
  std::ofstream(file) << "precious";
  EXPECT_THAT(Refusal({"unix:" + file}), HasSubstr("no socket is in the way"));
  EXPECT_TRUE(std::filesystem::exists(file));
}

// The next candord answers before this one stops; without take_over it is refused
// (RefusesAPortWhereAnotherDaemonListens).
TEST_F(ServerTest, SharesItsPortWithASuccessor) {
  const std::string address = server_->listening().front();
  snapshots_.Publish(SnapshotOf(State::kHealthy));
  ServeOptions next{.grpc_listen = {address}};
  next.take_over = true;
  auto second = Server::Start(next, {snapshots_, history_, self_reports_}, {}, hooks_);
  ASSERT_TRUE(second) << second.error().message;
  server_.reset();
  channel_ = NewChannel(address);
  health_ = grpc::health::v1::Health::NewStub(channel_);
  EXPECT_EQ(StatusOf(""), HealthResponse::SERVING) << "the first has gone, the second answers";
}

TEST_F(ServerTest, TakesOverUnixSocketsButNoOtherFiles) {
  const TempDir dir;
  ServeOptions options{.grpc_listen = {"unix:" + dir.path + "/grpc"}};
  options.admin_socket = dir.path + "/admin";
  StartServer(options);
  snapshots_.Publish(SnapshotOf(State::kHealthy));
  options.take_over = true;
  auto second = Server::Start(options, {snapshots_, history_, self_reports_}, {}, hooks_);
  ASSERT_TRUE(second) << second.error().message;
  server_.reset();
  for (const std::string& address : {options.grpc_listen.front(), "unix:" + options.admin_socket}) {
    channel_ = NewChannel(address);
    health_ = grpc::health::v1::Health::NewStub(channel_);
    EXPECT_EQ(StatusOf(""), HealthResponse::SERVING) << address << " is the second's, and still there";
  }
  second->reset();
  const std::string file = dir.path + "/notes.txt";
  std::ofstream(file) << "precious";
  options.admin_socket = file;
  EXPECT_FALSE(Server::Start(options, {snapshots_, history_, self_reports_}, {}, hooks_));
  EXPECT_TRUE(std::filesystem::exists(file));
}

TEST_F(ServerTest, StopsWithinTwoSecondsAndEndsItsStreams) {
  snapshots_.Publish(SnapshotOf(State::kHealthy, SelfAnswer::kOk, std::string(100'000, 'x')));
  Call well;
  HealthReader reader = Watch(well, "");
  EXPECT_EQ(Next(reader), HealthResponse::SERVING);
  // One that never reads, with a write stuck in flight.
  Call slow;
  const auto sleeper = node_->WatchVerdict(&slow.context, {});
  for (int i = 0; i < 500; ++i) {
    snapshots_.Publish(SnapshotOf(i % 2 == 0 ? State::kDegraded : State::kHealthy, SelfAnswer::kOk,
                                  std::string(100'000, 'x')));
  }
  auto ended = std::async(std::launch::async, [&] {
    HealthResponse response;
    while (reader->Read(&response)) {
    }
    return reader->Finish();
  });
  const auto before = std::chrono::steady_clock::now();
  server_->Stop();
  EXPECT_LT(std::chrono::steady_clock::now() - before, 2s);
  ASSERT_EQ(ended.wait_for(5s), std::future_status::ready);
  const grpc::Status status = ended.get();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(status.error_message(), "candord is stopping");
  server_->Stop();
}

TEST_F(ServerTest, RefusesRequestsBeyondItsBound) {
  HealthResponse response;
  EXPECT_EQ(Check(std::string(70'000, 'x'), &response).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

// Reflection's request and answer by hand: its generated client is not among Debian's headers.
TEST_F(ServerTest, ReflectionListsItsServices) {
  grpc::GenericStub stub(channel_);
  const char list_services[] = {0x3a, 0x00};  // field 7 (list_services), an empty string
  const grpc::Slice slice(list_services, sizeof list_services);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  Call call;
  std::promise<grpc::Status> done;
  stub.UnaryCall(&call.context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", {},
                 &request, &response, [&](const grpc::Status& s) { done.set_value(s); });
  const grpc::Status status = done.get_future().get();
  ASSERT_TRUE(status.ok()) << status.error_message();
  grpc::Slice bytes;
  ASSERT_TRUE(response.DumpToSingleSlice(&bytes).ok());
  const std::string text(reinterpret_cast<const char*>(bytes.begin()), bytes.size());
  EXPECT_THAT(text, HasSubstr("grpc.health.v1.Health"));
  EXPECT_THAT(text, HasSubstr("candor.v1.NodeHealth"));
}

}  // namespace
}  // namespace candor
