// SPDX-License-Identifier: Apache-2.0
#include "net/tls_pair.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tests/net/certificates.h"

namespace candor {
namespace {

using testing::HasSubstr;

const Certificates certificates;

class TlsPairTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(certificates.made()) << "openssl makes no certificates";
    certificates.Use("one");
  }
  static std::string ErrorOf(const TlsOptions& options) {
    const auto pair = ReadTlsPair(options);
    return pair ? "" : pair.error().message;
  }

  TlsOptions options_ = certificates.Files();
};

TEST_F(TlsPairTest, ReadsTheFilesAndTheCertificatesEnd) {
  options_.client_ca = certificates.Path("two.crt");
  const auto pair = ReadTlsPair(options_);
  ASSERT_TRUE(pair) << pair.error().message;
  EXPECT_EQ(pair->certificate, certificates.Text("one.crt"));
  EXPECT_EQ(pair->key, certificates.Text("one.key"));
  EXPECT_EQ(pair->client_ca, certificates.Text("two.crt"));
  const WallTime now = std::chrono::system_clock::now();
  EXPECT_GT(pair->expires, now + std::chrono::hours(47));
  EXPECT_LE(pair->expires, now + std::chrono::hours(48));
}

TEST_F(TlsPairTest, AMissingFileIsNamed) {
  options_.key = certificates.Path("absent.key");
  EXPECT_THAT(ErrorOf(options_), HasSubstr("absent.key: No such file"));
}

TEST_F(TlsPairTest, AFileThatMayNotBeReadIsNamedWithTheRemedy) {
  ASSERT_EQ(::chmod(options_.key.c_str(), 0), 0);
  EXPECT_THAT(ErrorOf(options_), HasSubstr("give the file to that user or to one of its groups"));
  ASSERT_EQ(::chmod(options_.key.c_str(), 0600), 0);
}

TEST_F(TlsPairTest, AFileWithoutTheExpectedContentIsNamed) {
  options_.key = certificates.Path("tls.crt");
  EXPECT_THAT(ErrorOf(options_), HasSubstr("holds no private key"));
  options_ = certificates.Files();
  options_.certificate = certificates.Path("tls.key");
  EXPECT_THAT(ErrorOf(options_), HasSubstr("holds no certificate"));
  options_ = certificates.Files();
  options_.client_ca = certificates.Path("one.key");
  EXPECT_THAT(ErrorOf(options_), HasSubstr("one.key holds no certificate"));
}

TEST_F(TlsPairTest, AHalfWrittenChainIsRefused) {
  const std::string one = certificates.Text("one.crt");
  std::ofstream(options_.certificate) << one << certificates.Text("two.crt") << one.substr(0, one.size() / 2);
  EXPECT_THAT(ErrorOf(options_), HasSubstr("what follows its certificate number 2 is none"));
}

TEST_F(TlsPairTest, AFileAboveOneMebibyteIsRefused) {
  std::ofstream(options_.certificate) << std::string((1 << 20) + 1, 'x');
  EXPECT_THAT(ErrorOf(options_), HasSubstr("larger than 1 MiB: that is no PEM file"));
}

TEST_F(TlsPairTest, AKeyOfAnotherCertificateIsRefused) {
  certificates.Use("one", "two");
  EXPECT_THAT(ErrorOf(options_), HasSubstr("does not match the key"));
}

TEST_F(TlsPairTest, AKeyThatOpenSslRefusesInAHandshakeIsRefused) {
  certificates.Use("short");
  EXPECT_THAT(ErrorOf(options_), HasSubstr("cannot be used: ee key too small"));
}

}  // namespace
}  // namespace candor
