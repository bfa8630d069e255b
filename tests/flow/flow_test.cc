// SPDX-License-Identifier: Apache-2.0
#include "flow/flow.h"

#include <gtest/gtest.h>

#include <cstring>

namespace candor {
namespace {

FlowState WithUfrag(std::string_view bytes, uint8_t length) {
  FlowState f{};
  std::memcpy(f.ufrag_text, bytes.data(), std::min<size_t>(bytes.size(), CANDOR_UFRAG_TEXT));
  f.ufrag_len = length;
  return f;
}

TEST(UfragText, ShowsWhatRfc8839AllowsAndMasksTheRest) {
  EXPECT_EQ(UfragText(WithUfrag("aZ09+/", 6)), "aZ09+/");
  EXPECT_EQ(UfragText(WithUfrag("a\x1b[31m\n\"b", 9)), "a??31m??b")
      << "no terminal sequence reaches a person's screen";
  EXPECT_EQ(UfragText(WithUfrag(std::string_view("\0\xff", 2), 2)), "??");
  EXPECT_EQ(UfragText(WithUfrag("", 0)), "");
}

TEST(UfragText, ALengthBeyondTheBufferIsCut) {
  const std::string full(CANDOR_UFRAG_TEXT, 'u');
  EXPECT_EQ(UfragText(WithUfrag(full, 255)), full);
}

TEST(FlowKey, EndpointsAreReadFromTheKey) {
  FlowKey k{};
  const IpAddress local = *IpAddress::Parse("203.0.113.9"), remote = *IpAddress::Parse("2001:db8::7");
  std::copy(local.bytes.begin(), local.bytes.end(), k.local_addr);
  std::copy(remote.bytes.begin(), remote.bytes.end(), k.remote_addr);
  k.local_port = 7882;
  k.remote_port = 50000;
  EXPECT_EQ(LocalOf(k).ToString(), "203.0.113.9:7882");
  EXPECT_EQ(RemoteOf(k).ToString(), "[2001:db8::7]:50000");
}

TEST(FlowKey, KeysAreEqualWhenAllOfThemIs) {
  FlowKey a{};
  a.local_port = 1;
  FlowKey b = a;
  EXPECT_TRUE(FlowKeyEqual()(a, b));
  EXPECT_EQ(FlowKeyHash()(a), FlowKeyHash()(b));
  b.remote_port = 1;
  EXPECT_FALSE(FlowKeyEqual()(a, b));
  EXPECT_NE(FlowKeyHash()(a), FlowKeyHash()(b));
}

TEST(FlowWords, AreThoseOfEveryInterface) {
  EXPECT_EQ(Name(Phase::kNone), "none");
  EXPECT_EQ(Name(Phase::kOffered), "offered");
  EXPECT_EQ(Name(Phase::kAnswered), "answered");
  EXPECT_EQ(Name(Phase::kNominated), "nominated");
  EXPECT_EQ(Name(Phase::kSecured), "secured");
  EXPECT_EQ(Name(Phase::kActive), "active");
  EXPECT_EQ(Name(WaitingOn::kNone), "none");
  EXPECT_EQ(Name(WaitingOn::kNode), "node");
  EXPECT_EQ(Name(WaitingOn::kPeer), "peer");
  EXPECT_EQ(Name(WaitingOn::kPath), "path");
}

}  // namespace
}  // namespace candor
