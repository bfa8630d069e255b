// SPDX-License-Identifier: Apache-2.0
//
// Certificates are made here by openssl(1), so that none in the tree can expire.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "net/tls_pair.h"
#include "tests/serve/harness.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// Made before main(), under whose filter no program runs.
class Certificates {
 public:
  Certificates() {
    char name[] = "/tmp/candor-test-XXXXXX";
    folder_ = ::mkdtemp(name);
    const std::string usual = "ec -pkeyopt ec_paramgen_curve:prime256v1";
    made_ = Make("one", usual) && Make("two", usual) && Make("short", "rsa:512") && End("ended");
  }
  ~Certificates() { std::filesystem::remove_all(folder_); }
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;
  bool made() const { return made_; }
  const std::string& folder() const { return folder_; }

 private:
  // A self-signed certificate for localhost, which is its own CA.
  bool Make(const std::string& name, const std::string& key) {
    const std::string command = "openssl req -x509 -newkey " + key + " -nodes -days 2 -subj /CN=" + name +
                                " -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout " + folder_ +
                                "/" + name + ".key -out " + folder_ + "/" + name + ".crt 2>/dev/null";
    return std::system(command.c_str()) == 0;
  }

  // The same, ended yesterday: of `name`, which it makes.
  bool End(const std::string& name) {
    const std::string file = folder_ + "/" + name;
    const std::string request =
        "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
        "-subj /CN=localhost -keyout " +
        file + ".key -out " + file + ".csr 2>/dev/null";
    const std::string sign = "openssl x509 -req -in " + file + ".csr -signkey " + file +
                             ".key -days -1 -out " + file + ".crt 2>/dev/null";
    return std::system((request + " && " + sign).c_str()) == 0;
  }

  std::string folder_;
  bool made_ = false;
};
const Certificates certificates;

class TlsTest : public Served {
 protected:
  void SetUp() override {
    ASSERT_TRUE(certificates.made()) << "openssl makes no certificates";
    folder_ = certificates.folder();
    Use("one", "one");
    hooks_.log = [this](bool bad, const std::string& text) {
      const std::lock_guard lock(mutex_);
      (bad ? bad_ : good_) = text;
    };
  }
  void TearDown() override { server_.reset(); }

  void Use(const std::string& certificate, const std::string& key) {
    Put(certificate + ".crt", "tls.crt");
    Put(key + ".key", "tls.key");
  }
  // By read() and write(): copy_file() has calls of its own, which the filter refuses.
  void Put(const std::string& from, const std::string& to) {
    const std::string text = Text(from);
    std::ofstream(folder_ + "/" + to) << text;
  }
  std::string Text(const std::string& name) {
    std::ostringstream text;
    text << std::ifstream(folder_ + "/" + name).rdbuf();
    return text.str();
  }

  TlsOptions Files() { return {folder_ + "/tls.crt", folder_ + "/tls.key", ""}; }
  void StartTls(bool mutual = false) {
    ServeOptions options{.grpc_listen = {"127.0.0.1:0"}};
    options.tls = Files();
    if (mutual) options.tls.client_ca = folder_ + "/two.crt";
    StartServer(options);
  }

  // Whether a client that trusts `ca` (and shows `identity`) gets an answer on a connection of its own.
  bool Answers(const std::string& ca, const std::string& identity = "") {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = Text(ca + ".crt");
    if (!identity.empty()) {
      options.pem_private_key = Text(identity + ".key");
      options.pem_cert_chain = Text(identity + ".crt");
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
  bool AnswersWithin(const std::string& ca, std::chrono::seconds patience) {
    const auto until = std::chrono::steady_clock::now() + patience;
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

  std::string folder_;
  std::mutex mutex_;
  std::string good_, bad_;
};

TEST_F(TlsTest, ServesWithItsCertificateAndRefusesPlaintext) {
  StartTls();
  EXPECT_TRUE(Answers("one"));
  EXPECT_FALSE(Answers("two"));
  HealthResponse response;
  Call call(2s);
  EXPECT_FALSE(health_->Check(&call.context, {}, &response).ok()) << "the harness's channel is plaintext";
  EXPECT_THAT(good_, HasSubstr("TLS: the certificate in force ends"));
}

TEST_F(TlsTest, FollowsItsFilesAndKeepsTheOldPairWhenTheNewOneDoesNotMatch) {
  StartTls();
  ASSERT_TRUE(Answers("one"));
  Use("two", "one");
  const auto refused = server_->ReloadTls();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("does not match the key"));
  EXPECT_THAT(Bad(), HasSubstr("NEW FILES REFUSED, the old ones stay in force"));
  EXPECT_TRUE(Answers("one"));
  Use("two", "two");  // nobody tells it
  EXPECT_TRUE(AnswersWithin("two", 15s));
  EXPECT_FALSE(Answers("one"));
}

TEST_F(TlsTest, ANewPairIsInForceAtTheNextHandshakeAfterAReload) {
  StartTls();
  for (const std::string name : {"two", "one", "two"}) {
    Use(name, name);
    ASSERT_TRUE(server_->ReloadTls());
    EXPECT_TRUE(Answers(name)) << name;
  }
  EXPECT_FALSE(Answers("one"));
}

TEST_F(TlsTest, FilesThatAreMendedAreNoLongerSaidToBeRefused) {
  StartTls();
  Use("two", "one");
  ASSERT_FALSE(server_->ReloadTls());
  Use("one", "one");
  good_.clear();
  ASSERT_TRUE(server_->ReloadTls());
  EXPECT_THAT(good_, HasSubstr("TLS: the certificate in force ends"));
}

// Two writers of two files, never at the same time: whoever connects meanwhile gets one pair or the other.
TEST_F(TlsTest, ACertificateThatHasEndedIsRefusedWhileTheOldOneHasNot) {
  StartTls();
  Use("ended", "ended");
  const auto refused = server_->ReloadTls();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("tls.crt ended 20"));
  EXPECT_TRUE(Answers("one"));
  const WallTime in_a_week = std::chrono::system_clock::now() + std::chrono::hours(7 * 24);
  clocks_.wall = [in_a_week] { return in_a_week; };
  Use("one", "one");
  StartTls();
  EXPECT_THAT(Bad(), HasSubstr("THE CERTIFICATE IN FORCE HAS ENDED"));
  Use("ended", "ended");
  EXPECT_TRUE(server_->ReloadTls()) << "neither is better";
}

TEST_F(TlsTest, NoHandshakeFailsWhileFilesAreRewrittenInPieces) {
  StartTls();
  const std::string trusted = Text("one.crt") + Text("two.crt");
  std::ofstream(folder_ + "/both.crt") << trusted;
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) {
      const std::string name = i % 2 == 0 ? "two" : "one";
      for (const char* kind : {"crt", "key"}) {
        const std::string text = Text(name + "." + kind);
        std::ofstream out(folder_ + "/tls." + kind);
        out << text.substr(0, text.size() / 2) << std::flush;
        std::this_thread::sleep_for(2ms);
        out << text.substr(text.size() / 2) << std::flush;
        (void)server_->ReloadTls();  // the worst moment to look
      }
    }
  });
  int failed = 0;
  for (int i = 0; i < 100; ++i) failed += Answers("both") ? 0 : 1;
  stop = true;
  writer.join();
  EXPECT_EQ(failed, 0);
}

TEST_F(TlsTest, MutualTlsFollowsItsClientCa) {
  Put("two.crt", "ca.crt");
  ServeOptions options{.grpc_listen = {"127.0.0.1:0"}};
  options.tls = Files();
  options.tls.client_ca = folder_ + "/ca.crt";
  StartServer(options);
  EXPECT_TRUE(Answers("one", "two"));
  Put("one.crt", "ca.crt");
  ASSERT_TRUE(server_->ReloadTls());
  EXPECT_TRUE(Answers("one", "one"));
  EXPECT_FALSE(Answers("one", "two"));
}

TEST_F(TlsTest, MutualTlsWantsAClientCertificateOfItsCa) {
  StartTls(true);
  EXPECT_FALSE(Answers("one"));
  EXPECT_TRUE(Answers("one", "two"));
  EXPECT_FALSE(Answers("one", "one"));
}

TEST_F(TlsTest, EveryWayAFileIsWrongIsNamed) {
  TlsOptions options = Files();
  EXPECT_TRUE(ReadTlsPair(options));
  options.key = folder_ + "/absent.key";
  EXPECT_THAT(ReadTlsPair(options).error().message, HasSubstr("absent.key: No such file"));
  ASSERT_EQ(::chmod((folder_ + "/tls.key").c_str(), 0), 0);
  EXPECT_THAT(ReadTlsPair(Files()).error().message,
              HasSubstr("give the file to that user or to one of its groups"));
  ASSERT_EQ(::chmod((folder_ + "/tls.key").c_str(), 0600), 0);
  options.key = folder_ + "/tls.crt";
  EXPECT_THAT(ReadTlsPair(options).error().message, HasSubstr("holds no private key"));
  options = Files();
  options.certificate = folder_ + "/tls.key";
  EXPECT_THAT(ReadTlsPair(options).error().message, HasSubstr("holds no certificate"));
  options = Files();
  options.client_ca = folder_ + "/one.key";
  EXPECT_THAT(ReadTlsPair(options).error().message, HasSubstr("one.key holds no certificate"));
  options = Files();
  const std::string one = Text("one.crt");
  std::ofstream(options.certificate) << one << Text("two.crt") << one.substr(0, one.size() / 2);
  EXPECT_THAT(ReadTlsPair(options).error().message,
              HasSubstr("what follows its certificate number 2 is none"));
}

TEST_F(TlsTest, AKeyThatOpenSslIsToldToRefuseIsRefusedBeforeAHandshakeMeetsIt) {
  Use("short", "short");
  EXPECT_THAT(ReadTlsPair(Files()).error().message, HasSubstr("cannot be used: ee key too small"));
}

}  // namespace
}  // namespace candor
