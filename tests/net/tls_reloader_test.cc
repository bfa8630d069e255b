// SPDX-License-Identifier: Apache-2.0
//
// What is reloaded, and what is reported. That handshakes use it: tls_credentials_test.
#include "net/tls_reloader.h"

#include <gmock/gmock.h>

#include <condition_variable>

#include "tests/net/certificates.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const Certificates certificates;

class TlsReloaderTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(certificates.made()) << "openssl makes no certificates";
    certificates.Use("one");
  }
  Result<void> Open() {
    auto opened = TlsReloader::Open(
        certificates.Files(), [this] { return now_; },
        [this](const std::string& error, WallTime) {
          const std::lock_guard lock(mutex_);
          reports_.push_back(error);
          reported_.notify_all();
        });
    if (!opened) return tl::make_unexpected(opened.error());
    reloader_ = std::move(*opened);
    return {};
  }
  // Whether `n` reports have come within `d`.
  bool Await(size_t n, std::chrono::seconds d) {
    std::unique_lock lock(mutex_);
    return reported_.wait_for(lock, d, [&] { return reports_.size() >= n; });
  }

  WallTime now_ = std::chrono::system_clock::now();
  std::mutex mutex_;
  std::condition_variable reported_;
  std::vector<std::string> reports_;  // errors; empty: a new pair
  std::unique_ptr<TlsReloader> reloader_;
};

TEST_F(TlsReloaderTest, FilesThatAreWrongAtTheStartAreAnError) {
  certificates.Use("one", "two");
  const auto opened = Open();
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("does not match the key"));
  EXPECT_TRUE(reports_.empty());
}

TEST_F(TlsReloaderTest, AnExpiredCertificateIsAcceptedAtTheStart) {
  certificates.Use("ended");
  ASSERT_TRUE(Open());
  EXPECT_EQ(reports_, std::vector<std::string>{""});
}

TEST_F(TlsReloaderTest, UnchangedFilesAreNotReportedAgain) {
  ASSERT_TRUE(Open());
  ASSERT_TRUE(reloader_->Reload());
  EXPECT_EQ(reports_, std::vector<std::string>{""});
}

TEST_F(TlsReloaderTest, AWrongPairIsReportedOnceAndSoIsItsCorrection) {
  ASSERT_TRUE(Open());
  certificates.Use("two", "one");
  EXPECT_FALSE(reloader_->Reload());
  EXPECT_FALSE(reloader_->Reload());
  ASSERT_EQ(reports_.size(), 2u);
  EXPECT_THAT(reports_[1], HasSubstr("does not match the key"));
  certificates.Use("one");
  EXPECT_TRUE(reloader_->Reload());
  ASSERT_EQ(reports_.size(), 3u) << "the pair is the old one, and no longer refused";
  EXPECT_EQ(reports_[2], "");
}

TEST_F(TlsReloaderTest, AnExpiredCertificateDoesNotReplaceAValidOne) {
  ASSERT_TRUE(Open());
  certificates.Use("ended");
  const auto reloaded = reloader_->Reload();
  ASSERT_FALSE(reloaded);
  EXPECT_THAT(reloaded.error().message, HasSubstr("tls.crt ended 20"));
  now_ += 7 * 24h;
  EXPECT_TRUE(reloader_->Reload()) << "both have expired";
}

TEST_F(TlsReloaderTest, ChangedFilesAreReadWithoutACall) {
  ASSERT_TRUE(Open());
  certificates.Use("two");
  EXPECT_TRUE(Await(2, 15s));
  EXPECT_EQ(reports_.back(), "");
}

}  // namespace
}  // namespace candor
