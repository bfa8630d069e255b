// SPDX-License-Identifier: Apache-2.0
#include "net/acceptor_thread.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <mutex>

#include "tests/serve/harness.h"

namespace candor {
namespace {

using namespace std::chrono_literals;

// Opens every file descriptor that the process may still open, but `spare`.
class NoFilesLeft {
 public:
  explicit NoFilesLeft(size_t spare) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit few = before_;
    few.rlim_cur = std::min<rlim_t>(before_.rlim_cur, 512);
    ::setrlimit(RLIMIT_NOFILE, &few);
    for (UniqueFd fd(::open("/dev/null", O_RDONLY | O_CLOEXEC)); fd;
         fd = UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC))) {
      held_.push_back(std::move(fd));
    }
    held_.resize(held_.size() - std::min(spare, held_.size()));
  }
  ~NoFilesLeft() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
  std::vector<UniqueFd> held_;
};

class Exhaustion : public Served {
 protected:
  void SetUp() override {
    hooks_.log = [this](bool, const std::string& text) {
      const std::lock_guard lock(mutex_);
      logged_.push_back(text);
    };
    Served::SetUp();
  }
  void TearDown() override { server_.reset(); }  // it writes to the log until then
  std::vector<std::string> Logged() {
    const std::lock_guard lock(mutex_);
    return logged_;
  }
  // A connection without a gRPC client.
  UniqueFd Connect() {
    UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto address = ListenAddress::Parse(server_->listening().front());
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(address->port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
    return fd;
  }

  std::mutex mutex_;
  std::vector<std::string> logged_;
};

TEST_F(Exhaustion, WithoutAFileDescriptorConnectionsWaitAndAreThenServed) {
  snapshots_.Publish(SnapshotOf(State::kHealthy));
  {
    const NoFilesLeft none(1);
    const UniqueFd waiting = Connect();  // with the last descriptor: none is left to accept it
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (Logged().empty() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(5ms);
  }
  ASSERT_FALSE(Logged().empty());
  EXPECT_THAT(Logged().front(), testing::HasSubstr("have to wait: Too many open files"));
  // gRPC's own listener would never accept again.
  EXPECT_EQ(StatusOf(""), HealthResponse::SERVING);
  EXPECT_THAT(Logged().back(), testing::HasSubstr("no longer have to wait"));
}

TEST(AcceptorThread, StoppedAcceptsNothingAndHasRemovedTheSocketFile) {
  const std::string path = "/tmp/candor-acceptor-" + std::to_string(::getpid());
  auto listeners = ListenOn(*ListenAddress::Parse("unix:" + path), 0660, false);
  ASSERT_TRUE(listeners) << listeners.error().message;
  auto thread = AcceptorThread::Create();
  ASSERT_TRUE(thread) << thread.error().message;
  std::atomic<int> accepted{0};
  ASSERT_TRUE((*thread)->Add(std::move(listeners->front()), [&](const UniqueFd&) { ++accepted; }, {}));
  (*thread)->Start();
  EXPECT_EQ(::access(path.c_str(), F_OK), 0);
  bool ended = false;
  (*thread)->Stop([&] { ended = true; });
  (*thread)->Stop();
  EXPECT_TRUE(ended);
  EXPECT_NE(::access(path.c_str(), F_OK), 0);
  EXPECT_EQ(accepted, 0);
}

TEST(AcceptorThread, EachChangeOfAShortageIsLoggedOnce) {
  std::vector<std::string> logged;
  const auto report = LogShortage("[::1]:7460", [&](const std::string& text) { logged.push_back(text); });
  for (const int error : {EMFILE, EMFILE, ENFILE, 0, 0, EMFILE}) report(error);
  EXPECT_THAT(logged,
              testing::ElementsAre("connections to [::1]:7460 have to wait: Too many open files",
                                   "connections to [::1]:7460 have to wait: Too many open files in system",
                                   "", "connections to [::1]:7460 have to wait: Too many open files"));
}

}  // namespace
}  // namespace candor
