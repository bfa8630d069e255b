// SPDX-License-Identifier: Apache-2.0
#include "cli/client/connect_failure.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/unique_fd.h"

namespace candor::cli {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

class ConnectFailureTest : public ::testing::Test {
 protected:
  ConnectFailureTest() {
    char name[] = "/tmp/candor-test-XXXXXX";
    folder_ = ::mkdtemp(name);
    ::chmod(folder_.c_str(), 0755);
  }
  ~ConnectFailureTest() override { std::filesystem::remove_all(folder_); }

  // A socket file, listened on or not.
  UniqueFd Socket(const std::string& path, bool listening) {
    UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::strncpy(at.sun_path, path.c_str(), sizeof at.sun_path - 1);
    EXPECT_EQ(::bind(fd.get(), reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    if (listening) {
      EXPECT_EQ(::listen(fd.get(), 8), 0);
    }
    return fd;
  }
  static std::string Why(const std::string& address, bool tls = false, bool failed_early = true,
                         const std::string& grpc_error = "") {
    return ExplainConnectFailure({address, tls, failed_early, grpc_error, 100ms});
  }

  std::string folder_;
};

TEST_F(ConnectFailureTest, AMissingSocketAndARefusedConnectionSuggestToStartCandord) {
  EXPECT_THAT(Why("unix:" + folder_ + "/absent"), HasSubstr("there is no such socket; is candord running?"));
  const UniqueFd dead = Socket(folder_ + "/dead", false);
  EXPECT_THAT(Why("unix:" + folder_ + "/dead"), HasSubstr("Connection refused"));
  EXPECT_THAT(Why("unix:" + folder_ + "/dead"), HasSubstr("is candord running?"));
  EXPECT_THAT(Why("127.0.0.1:1"), HasSubstr("Connection refused; is candord running? start it"));
}

TEST_F(ConnectFailureTest, AMissingPermissionComesWithTheRemediation) {
  const UniqueFd alive = Socket(folder_ + "/closed", true);
  ::chmod((folder_ + "/closed").c_str(), 0);
  const bool root = ::geteuid() == 0;
  if (root) {
    ASSERT_EQ(::seteuid(65534), 0);
  }
  const std::string why = Why("unix:" + folder_ + "/closed");
  if (root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  EXPECT_THAT(why, HasSubstr("Permission denied; run this as root or in the group of that file"));
  EXPECT_THAT(why, Not(HasSubstr("is candord running")));
}

TEST_F(ConnectFailureTest, AListenerOfAnotherProtocolIsReportedAsSuch) {
  const std::string at = "unix:" + folder_ + "/alive";
  const UniqueFd alive = Socket(folder_ + "/alive", true);
  EXPECT_THAT(Why(at), HasSubstr("does not speak gRPC"));
  EXPECT_THAT(Why(at, false, false), HasSubstr("connected, but no answer within 100 ms; candord is stopped"));
  EXPECT_THAT(Why(at, true, true,
                  "failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:9: Ssl handshake "
                  "failed: certificate verify failed"),
              HasSubstr("TLS failed: Ssl handshake failed: certificate verify failed; check --tls-ca"));
  EXPECT_THAT(Why(at, true, true, "SSL routines::wrong version number"),
              HasSubstr("that port does not use TLS"));
  EXPECT_THAT(Why(at, true, false), HasSubstr("TLS failed: no handshake within 100 ms"));
  for (const bool tls : {false, true}) EXPECT_THAT(Why(at, tls), Not(HasSubstr("is candord running")));
}

TEST_F(ConnectFailureTest, AFileThatIsNoSocketIsAnError) {
  std::ofstream(folder_ + "/file") << "text";
  EXPECT_THAT(Why("unix:" + folder_ + "/file"), HasSubstr("Connection refused"));
  EXPECT_THAT(Why("unix:" + folder_ + "/file/below"), HasSubstr("Not a directory"));
  EXPECT_THAT(Why("unix:/" + std::string(200, 'x')), HasSubstr("Cannot assign requested address"));
}

TEST_F(ConnectFailureTest, AHostWithoutAnAddressIsNamedSo) {
  EXPECT_THAT(Why("no-such-host.invalid:7460"), HasSubstr("that host name has no address"));
}

TEST(ReachesListener, IsTheSameSocketOrAPortOfThisMachineThatIsCovered) {
  struct Row {
    const char *asked, *listening;
    bool leads;
  };
  const Row rows[] = {
      {"127.0.0.1:7460", "127.0.0.1:7460", true},     {"127.0.0.1:7460", "127.0.0.1:7461", false},
      {"127.0.0.1:7460", "0.0.0.0:7460", true},       {"127.0.0.1:7460", "[::]:7460", true},
      {"localhost:7460", "127.0.0.1:7460", true},     {"127.0.0.2:7460", "127.0.0.1:7460", false},
      {"198.51.100.7:7460", "0.0.0.0:7460", false},  // another node, whose port is the same
      {"198.51.100.7:7460", "127.0.0.1:7460", false}, {"unix:/run/a", "unix:/run/a", true},
      {"unix:/run/a", "unix:/run/b", false},          {"unix:/run/a", "127.0.0.1:7460", false},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(ReachesListener(row.asked, row.listening), row.leads) << row.asked << " " << row.listening;
  }
}

}  // namespace
}  // namespace candor::cli
