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

// Takes every file descriptor but `spare` that the process may still have.
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

class AcceptorThreadTest : public Served {
 protected:
  void SetUp() override {
    hooks_.log = [this](bool, const std::string& text) {
      const std::lock_guard lock(mutex_);
      said_.push_back(text);
    };
    Served::SetUp();
  }
  void TearDown() override { server_.reset(); }  // it speaks to the log until then
  std::vector<std::string> Said() {
    const std::lock_guard lock(mutex_);
    return said_;
  }
  // A connection of the test's own, that gRPC's client knows nothing of.
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
  std::vector<std::string> said_;
};

TEST_F(AcceptorThreadTest, WithoutAFileDescriptorConnectionsWaitAndAreThenServed) {
  snapshots_.Publish(SnapshotOf(State::kHealthy));
  {
    const NoFilesLeft none(1);
    const UniqueFd waiting = Connect();  // takes the last one; nothing is left to accept it with
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (Said().empty() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(5ms);
  }
  ASSERT_FALSE(Said().empty());
  EXPECT_THAT(Said().front(), testing::HasSubstr("have to wait: Too many open files"));
  // The library's own listener would never accept again.
  EXPECT_EQ(StatusOf(""), HealthResponse::SERVING);
  EXPECT_THAT(Said().back(), testing::HasSubstr("no longer have to wait"));
}

TEST_F(AcceptorThreadTest, AClosedDoorLetsNobodyInAndForgetsItsSocketFile) {
  const std::string path = "/tmp/candor-acceptor-" + std::to_string(::getpid());
  auto listeners = ListenOn(*ListenAddress::Parse("unix:" + path), 0660, false);
  ASSERT_TRUE(listeners) << listeners.error().message;
  std::atomic<int> came{0};
  auto acceptor = AcceptorThread::Open(std::move(*listeners), [&](int, int fd) { ::close(fd), ++came; }, {});
  ASSERT_TRUE(acceptor) << acceptor.error().message;
  EXPECT_EQ(::access(path.c_str(), F_OK), 0);
  (*acceptor)->Close();
  EXPECT_NE(::access(path.c_str(), F_OK), 0);
  EXPECT_EQ(came, 0);
}

}  // namespace
}  // namespace candor
