// SPDX-License-Identifier: Apache-2.0
//
// candorctl at a candord with TLS. The certificates are made by openssl(1) during the test: those in a tree
// would expire.
#include "cli/client/credentials.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/cli/fake_node.h"
#include "tests/serve/harness.h"

namespace candor::cli {
namespace {

using testing::HasSubstr;

class TlsFlags : public Served {
 protected:
  void SetUp() override {
    char name[] = "/tmp/candor-test-XXXXXX";
    folder_ = ::mkdtemp(name);
    Make("node", "media.example");
    Make("client", "operator");
    ServeOptions options{.grpc_listen = {"127.0.0.1:0"}};
    options.tls = {folder_ + "/node.crt", folder_ + "/node.key", folder_ + "/client.crt"};
    StartServer(options);
    snapshots_.Publish(SnapshotOf(State::kHealthy));
  }
  void TearDown() override {
    server_.reset();
    std::filesystem::remove_all(folder_);
  }
  // A self-signed certificate, which is its own CA.
  void Make(const std::string& file, const std::string& host) const {
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=" +
        host + " -addext subjectAltName=DNS:" + host + " -keyout " + folder_ + "/" + file + ".key -out " +
        folder_ + "/" + file + ".crt 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0);
  }
  // Each "@NAME" is that file.
  Ran Probe(std::string flags) const {
    for (size_t at = 0; (at = flags.find('@')) != std::string::npos;) flags.replace(at, 1, folder_ + "/");
    return Ctl(server_->listening().front(), "probe " + flags);
  }

  std::string folder_;
};

TEST_F(TlsFlags, ReachANodeThatWantsMutualTls) {
  const Ran ran =
      Probe("--tls-ca @node.crt --tls-name media.example --tls-cert @client.crt --tls-key @client.key");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("SERVING (HEALTHY"));
}

TEST_F(TlsFlags, RefuseOtherCertificates) {
  const std::string shown = " --tls-cert @client.crt --tls-key @client.key --timeout 3s";
  EXPECT_EQ(Probe("--tls-ca @client.crt --tls-name media.example" + shown).code, kExitConnect)
      << "another CA";
  EXPECT_EQ(Probe("--tls-ca @node.crt --tls-name other.example" + shown).code, kExitConnect)
      << "another name";
  EXPECT_NE(Probe("--tls-ca @node.crt --tls-name media.example --timeout 3s").code, 0)
      << "no own certificate";
  const Ran plain = Probe("--timeout 3s");
  EXPECT_NE(plain.code, 0);
  EXPECT_THAT(plain.err, HasSubstr("--tls-ca"));
}

TEST_F(TlsFlags, NameTheWrongFile) {
  const Ran absent = Probe("--tls-ca @absent.crt");
  EXPECT_EQ(absent.code, kExitArguments);
  EXPECT_THAT(absent.err, HasSubstr("absent.crt: No such file or directory"));
  std::ofstream(folder_ + "/empty.crt");
  EXPECT_THAT(Probe("--tls-ca @empty.crt").err, HasSubstr("empty.crt: nothing is in it"));
  const Ran half = Probe("--tls-cert @client.crt");
  EXPECT_EQ(half.code, kExitArguments);
  EXPECT_THAT(half.err, HasSubstr("--tls-cert and --tls-key go together"));
  const Ran mixed = Probe("--tls-ca @node.crt --tls-cert @client.crt --tls-key @node.key");
  EXPECT_EQ(mixed.code, kExitConnect);
  EXPECT_THAT(mixed.err, HasSubstr("cannot be used together"));
}

TEST(TlsFlagsOfUnixSockets, AreNotLookedAt) {
  TlsFiles absent;
  absent.ca = "/absent.crt";
  EXPECT_TRUE(CredentialsFor("unix:/run/candor/admin.sock", absent));
  EXPECT_FALSE(CredentialsFor("127.0.0.1:7460", absent));
}

}  // namespace
}  // namespace candor::cli
