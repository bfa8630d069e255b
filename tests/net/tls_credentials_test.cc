// SPDX-License-Identifier: Apache-2.0
//
// Handshakes with a whole server whose certificate files change.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "tests/net/certificates.h"
#include "tests/serve/harness.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const Certificates certificates;

class TlsCredentials : public Served {
 protected:
  void SetUp() override {
    ASSERT_TRUE(certificates.made()) << "openssl makes no certificates";
    certificates.Use("one");
    hooks_.log = [this](bool bad, const std::string& text) {
      const std::lock_guard lock(mutex_);
      (bad ? bad_ : good_) = text;
    };
  }
  void TearDown() override { server_.reset(); }

  void StartTls(bool mutual = false) {
    ServeOptions options{.grpc_listen = {"127.0.0.1:0"}};
    options.tls = certificates.Files();
    if (mutual) options.tls.client_ca = certificates.Path("two.crt");
    StartServer(options);
  }

  // Whether a client that trusts `ca` (and shows `identity`) gets an answer on a connection of its own.
  bool Answers(const std::string& ca, const std::string& identity = "") {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = certificates.Text(ca + ".crt");
    if (!identity.empty()) {
      options.pem_private_key = certificates.Text(identity + ".key");
      options.pem_cert_chain = certificates.Text(identity + ".crt");
    }
    grpc::ChannelArguments args;
    args.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    const std::string address = server_->listening().front();
    const auto channel = grpc::CreateCustomChannel("localhost" + address.substr(address.rfind(':')),
                                                   grpc::SslCredentials(options), args);
    Call call(5s);
    HealthResponse response;
    return grpc::health::v1::Health::NewStub(channel)->Check(&call.context, {}, &response).ok();
  }
  bool AnswersWithin(const std::string& ca, std::chrono::seconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    while (std::chrono::steady_clock::now() < until) {
      if (Answers(ca)) return true;
      std::this_thread::sleep_for(100ms);
    }
    return false;
  }
  std::string Bad() {
    const std::lock_guard lock(mutex_);
    return bad_;
  }

  std::mutex mutex_;
  std::string good_, bad_;
};

TEST_F(TlsCredentials, ServesWithItsCertificateAndRefusesPlaintext) {
  StartTls();
  EXPECT_TRUE(Answers("one"));
  EXPECT_FALSE(Answers("two"));
  HealthResponse response;
  Call call(2s);
  EXPECT_FALSE(health_->Check(&call.context, {}, &response).ok()) << "the harness's channel is plaintext";
  EXPECT_THAT(good_, HasSubstr("TLS: the certificate in force ends"));
}

TEST_F(TlsCredentials, FollowsItsFilesAndKeepsTheOldPairWhenTheNewOneDoesNotMatch) {
  StartTls();
  ASSERT_TRUE(Answers("one"));
  certificates.Use("two", "one");
  const auto refused = server_->ReloadTls();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("does not match the key"));
  EXPECT_THAT(Bad(), HasSubstr("NEW FILES REFUSED, the old ones stay in force"));
  EXPECT_TRUE(Answers("one"));
  certificates.Use("two");  // without ReloadTls()
  EXPECT_TRUE(AnswersWithin("two", 15s));
  EXPECT_FALSE(Answers("one"));
}

TEST_F(TlsCredentials, ANewPairIsInForceAtTheNextHandshakeAfterAReload) {
  StartTls();
  for (const std::string name : {"two", "one", "two"}) {
    certificates.Use(name);
    ASSERT_TRUE(server_->ReloadTls());
    EXPECT_TRUE(Answers(name)) << name;
  }
  EXPECT_FALSE(Answers("one"));
}

TEST_F(TlsCredentials, CorrectedFilesAreReportedAsActive) {
  StartTls();
  certificates.Use("two", "one");
  ASSERT_FALSE(server_->ReloadTls());
  certificates.Use("one");
  good_.clear();
  ASSERT_TRUE(server_->ReloadTls());
  EXPECT_THAT(good_, HasSubstr("TLS: the certificate in force ends"));
}

TEST_F(TlsCredentials, ACertificateThatHasEndedIsRefusedWhileTheOldOneHasNot) {
  StartTls();
  certificates.Use("ended");
  const auto refused = server_->ReloadTls();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("tls.crt ended 20"));
  EXPECT_TRUE(Answers("one"));
  const WallTime in_a_week = std::chrono::system_clock::now() + std::chrono::hours(7 * 24);
  clocks_.wall = [in_a_week] { return in_a_week; };
  certificates.Use("one");
  StartTls();
  EXPECT_THAT(Bad(), HasSubstr("THE CERTIFICATE IN FORCE HAS ENDED"));
  certificates.Use("ended");
  EXPECT_TRUE(server_->ReloadTls()) << "neither is better";
}

// Each handshake gets the whole old pair or the whole new one.
TEST_F(TlsCredentials, NoHandshakeFailsWhileFilesAreRewrittenInPieces) {
  StartTls();
  const std::string trusted = certificates.Text("one.crt") + certificates.Text("two.crt");
  std::ofstream(certificates.Path("both.crt")) << trusted;
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) {
      const std::string name = i % 2 == 0 ? "two" : "one";
      for (const char* kind : {"crt", "key"}) {
        const std::string text = certificates.Text(name + "." + kind);
        std::ofstream out(certificates.Path(std::string("tls.") + kind));
        out << text.substr(0, text.size() / 2) << std::flush;
        std::this_thread::sleep_for(2ms);
        out << text.substr(text.size() / 2) << std::flush;
        (void)server_->ReloadTls();  // in the middle of a change
      }
    }
  });
  int failed = 0;
  for (int i = 0; i < 100; ++i) failed += Answers("both") ? 0 : 1;
  stop = true;
  writer.join();
  EXPECT_EQ(failed, 0);
}

TEST_F(TlsCredentials, MutualTlsFollowsItsClientCa) {
  certificates.Copy("two.crt", "ca.crt");
  ServeOptions options{.grpc_listen = {"127.0.0.1:0"}};
  options.tls = certificates.Files();
  options.tls.client_ca = certificates.Path("ca.crt");
  StartServer(options);
  EXPECT_TRUE(Answers("one", "two"));
  certificates.Copy("one.crt", "ca.crt");
  ASSERT_TRUE(server_->ReloadTls());
  EXPECT_TRUE(Answers("one", "one"));
  EXPECT_FALSE(Answers("one", "two"));
}

TEST_F(TlsCredentials, MutualTlsWantsAClientCertificateOfItsCa) {
  StartTls(true);
  EXPECT_FALSE(Answers("one"));
  EXPECT_TRUE(Answers("one", "two"));
  EXPECT_FALSE(Answers("one", "one"));
}

}  // namespace
}  // namespace candor
