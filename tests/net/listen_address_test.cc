// SPDX-License-Identifier: Apache-2.0
#include "net/listen_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace candor {
namespace {

using testing::HasSubstr;

TEST(ListenAddress, ReadsTcpAddresses) {
  const auto v4 = ListenAddress::Parse("127.0.0.1:7460");
  ASSERT_TRUE(v4);
  EXPECT_EQ(v4->host, "127.0.0.1");
  EXPECT_EQ(v4->port, 7460);
  EXPECT_FALSE(v4->is_unix());
  const auto v6 = ListenAddress::Parse("[::1]:0");
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6->host, "::1");
  EXPECT_EQ(v6->port, 0);
  EXPECT_EQ(v6->text, "[::1]:0");
  EXPECT_TRUE(ListenAddress::Parse("localhost:65535"));
}

TEST(ListenAddress, ReadsUnixPaths) {
  const auto a = ListenAddress::Parse("unix:/run/candor/grpc.sock");
  ASSERT_TRUE(a);
  EXPECT_TRUE(a->is_unix());
  EXPECT_EQ(a->path, "/run/candor/grpc.sock");
}

TEST(ListenAddress, RefusesEverythingElseAndQuotesIt) {
  for (const char* text : {"", "7460", ":7460", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536",
                           "127.0.0.1:-1", "127.0.0.1:74 60", "::1:7460", "[]:1", "unix:", "http://h:80"}) {
    const auto a = ListenAddress::Parse(text);
    ASSERT_FALSE(a) << text;
    EXPECT_THAT(a.error().message, HasSubstr("'" + std::string(text) + "' is not an address"));
  }
}

TEST(ListenAddress, RefusesUnixPathsLongerThanTheSystemAllows) {
  EXPECT_TRUE(ListenAddress::Parse("unix:/" + std::string(106, 'x')));
  const auto a = ListenAddress::Parse("unix:/" + std::string(107, 'x'));
  ASSERT_FALSE(a);
  EXPECT_THAT(a.error().message, HasSubstr("108 bytes; the system allows 107"));
}

TEST(ListenAddress, TheErrorSaysWhyAnAddressCannotBeBound) {
  const auto foreign = CheckFree(*ListenAddress::Parse("192.0.2.1:7460"));
  ASSERT_FALSE(foreign);
  EXPECT_THAT(foreign.error().message, HasSubstr("cannot listen on 192.0.2.1:7460"));
  const auto nowhere = CheckFree(*ListenAddress::Parse("unix:/nonexistent/dir/grpc.sock"));
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().message,
            "cannot listen on unix:/nonexistent/dir/grpc.sock: No such file or directory");
  EXPECT_EQ(nowhere.error().code, ENOENT);
}

TEST(ListenAddress, AListIsCheckedAsAWhole) {
  EXPECT_EQ(ParseAddresses({"127.0.0.1:0", "127.0.0.1:0"}, false)->size(), 2u) << "two free ports";
  const std::string path = "unix:/tmp/candor-listen-" + std::to_string(::getpid());  // names no existing file
  EXPECT_EQ(ParseAddresses({path, path}, false).error().message,
            "cannot listen on " + path + ": it is listed twice");
  EXPECT_THAT(ParseAddresses({"127.0.0.1:0", "nonsense"}, false).error().message, HasSubstr("'nonsense'"));
}

}  // namespace
}  // namespace candor
