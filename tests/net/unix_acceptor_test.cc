// SPDX-License-Identifier: Apache-2.0
#include "net/unix_acceptor.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <future>

#include "tests/web/client.h"

namespace candor {
namespace {

using testing::HasSubstr;
using web::Client;

class UnixAcceptorTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = UnixAcceptor::Open(path_, 0600, false, {});
    ASSERT_TRUE(opened) << opened.error().message;
    acceptor_ = std::move(*opened);
  }

  const std::string path_ =
      testing::TempDir() + "candor_unix_acceptor_" + std::to_string(::getpid()) + ".sock";
  std::unique_ptr<UnixAcceptor> acceptor_;
};

TEST_F(UnixAcceptorTest, APeerIsDescribedByItsProcess) {
  const Client early("unix:" + path_);
  EXPECT_TRUE(early.Ok()) << "waits in the backlog";
  std::promise<int> accepted;
  acceptor_->Start([&](int fd) { accepted.set_value(fd); });
  const UniqueFd connection(accepted.get_future().get());
  EXPECT_THAT(acceptor_->DescribePeer("fd:" + std::to_string(connection.get())),
              HasSubstr("(uid " + std::to_string(::getuid()) + ", pid " + std::to_string(::getpid()) + ")"));
  for (const char* peer : {"fd:99999", "fd:", "ipv4:127.0.0.1:1", ""}) {
    EXPECT_EQ(acceptor_->DescribePeer(peer), "an unknown user of the admin socket") << peer;
  }
}

TEST_F(UnixAcceptorTest, ASocketInUseIsReplacedOnlyInATakeOver) {
  const auto second = UnixAcceptor::Open(path_, 0600, false, {});
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("another process listens there already"));
  const auto taken = UnixAcceptor::Open(path_, 0600, true, {});
  ASSERT_TRUE(taken) << taken.error().message;
  acceptor_.reset();
  EXPECT_TRUE(std::filesystem::exists(path_)) << "the file is the second one's";
}

TEST_F(UnixAcceptorTest, ClosingRemovesTheFile) {
  acceptor_->Start([](int fd) { ::close(fd); });
  acceptor_->Close();
  acceptor_->Close();
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_FALSE(Client("unix:" + path_).Ok());
}

}  // namespace
}  // namespace candor
