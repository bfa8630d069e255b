// SPDX-License-Identifier: Apache-2.0
#include "base/host_port.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(ParseHostPort, TakesNamesAddressesAndBracketedIpv6) {
  struct Row {
    std::string_view text, host;
    uint16_t port;
  };
  const Row rows[] = {{"127.0.0.1:7460", "127.0.0.1", 7460},
                      {"localhost:0", "localhost", 0},
                      {"[::1]:65535", "::1", 65535},
                      {"[fe80::1%eth0]:1", "fe80::1%eth0", 1}};
  for (const Row& row : rows) {
    const auto parsed = ParseHostPort(row.text);
    ASSERT_TRUE(parsed) << row.text;
    EXPECT_EQ(parsed->host, row.host);
    EXPECT_EQ(parsed->port, row.port);
  }
}

TEST(ParseHostPort, RefusesEverythingElse) {
  for (const char* text : {"", "host", ":1", "host:", "host:65536", "host:-1", "host:1x", "host: 1",
                           "::1:7460", "[]:1", "[::1:1", "a b:1", "a/b:1", "unix:/path"}) {
    EXPECT_FALSE(ParseHostPort(text)) << text;
  }
}

}  // namespace
}  // namespace candor
