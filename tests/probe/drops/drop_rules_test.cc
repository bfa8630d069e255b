// SPDX-License-Identifier: Apache-2.0
//
// Kernels of several releases, as far as their BTF is read.
#include "probe/drops/drop_rules.h"

#include <bpf/btf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include "flow/drop_reasons.h"

namespace candor {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

struct FreeBtf {
  void operator()(btf* b) const { btf__free(b); }
};
using Kernel = std::unique_ptr<btf, FreeBtf>;
using Reasons = std::vector<std::pair<const char*, int64_t>>;

// With a tracepoint of so many arguments, its own first one included.
Kernel WithTracepoint(int arguments) {
  Kernel kernel(btf__new_empty());
  const int function = btf__add_func_proto(kernel.get(), 0);
  for (int i = 0; i < arguments; ++i) btf__add_func_param(kernel.get(), "", 0);
  btf__add_typedef(kernel.get(), "btf_trace_kfree_skb", btf__add_ptr(kernel.get(), function));
  return kernel;
}

Kernel With(int arguments, const Reasons& reasons) {
  Kernel kernel = WithTracepoint(arguments);
  btf__add_enum(kernel.get(), "skb_drop_reason", 4);
  for (const auto& [name, value] : reasons) btf__add_enum_value(kernel.get(), name, value);
  return kernel;
}

TEST(DropRules, GoByNameBecauseNumbersDiffer) {
  const auto old = DropRulesOf(*With(4, {{"SKB_DROP_REASON_SOCKET_RCVBUFF", 15}}));
  const auto later = DropRulesOf(*With(5, {{"SKB_DROP_REASON_SOCKET_RCVBUFF", 6}}));
  ASSERT_TRUE(old && later);
  EXPECT_EQ(old->rules[15], CANDOR_DROP_RECEIVE_BUFFER | CANDOR_DROP_IN);
  EXPECT_EQ(old->rules[6], 0);
  EXPECT_EQ(later->rules[6], CANDOR_DROP_RECEIVE_BUFFER | CANDOR_DROP_IN);
  EXPECT_EQ(later->rules[15], 0);
  EXPECT_FALSE(old->has_socket_argument);
  EXPECT_TRUE(later->has_socket_argument);
}

TEST(DropRules, SeveralOfTheKernelsReasonsMayBeOneAndFirewallsHaveBothDirections) {
  const auto rules = DropRulesOf(*With(5, {{"SKB_DROP_REASON_NETFILTER_DROP", 12},
                                           {"SKB_DROP_REASON_QDISC_DROP", 64},
                                           {"SKB_DROP_REASON_FQ_FLOW_LIMIT", 70}}));
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->rules[12], CANDOR_DROP_NETFILTER | CANDOR_DROP_IN | CANDOR_DROP_OUT);
  EXPECT_EQ(rules->rules[64], CANDOR_DROP_QDISC | CANDOR_DROP_OUT);
  EXPECT_EQ(rules->rules[70], rules->rules[64]);
}

TEST(DropRules, AMissingRouteAndWantOfMemoryHaveBothDirections) {
  const auto rules = DropRulesOf(*With(5, {{"SKB_DROP_REASON_IP_OUTNOROUTES", 54},
                                           {"SKB_DROP_REASON_IP_INADDRERRORS", 87},
                                           {"SKB_DROP_REASON_CPU_BACKLOG", 71},
                                           {"SKB_DROP_REASON_NOMEM", 81}}));
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->rules[54], CANDOR_DROP_ROUTE | CANDOR_DROP_IN | CANDOR_DROP_OUT);
  EXPECT_EQ(rules->rules[87], rules->rules[54]);
  EXPECT_EQ(rules->rules[71], CANDOR_DROP_BACKLOG | CANDOR_DROP_IN);
  EXPECT_EQ(rules->rules[81], CANDOR_DROP_MEMORY | CANDOR_DROP_IN | CANDOR_DROP_OUT);
}

TEST(DropRules, WhatIsNotKnownOrOutOfBoundsIsNotCounted) {
  const auto rules = DropRulesOf(*With(5, {{"SKB_DROP_REASON_NOT_SPECIFIED", 2},
                                           {"SKB_DROP_REASON_UDP_CSUM", CANDOR_DROP_RULES},
                                           {"SKB_CONSUMED", 1}}));
  ASSERT_TRUE(rules);
  EXPECT_THAT(rules->rules, testing::Each(0));
  EXPECT_THAT(rules->unreported, Contains("checksum"));
}

TEST(DropRules, ReasonsThatTheKernelDoesNotReportAreNamed) {
  const Reasons two = {{"SKB_DROP_REASON_PROTO_MEM", 20}, {"SKB_DROP_REASON_NETFILTER_DROP", 12}};
  EXPECT_THAT(DropRulesOf(*With(5, two))->unreported, Not(Contains("udp_memory")));
  EXPECT_THAT(DropRulesOf(*With(5, two))->unreported, Contains("qdisc"));
  EXPECT_THAT(DropRulesOf(*With(4, two))->unreported, Contains("udp_memory"))
      << "there only the socket has the namespace";
}

TEST(DropRules, AKernelWithoutReasonsOrWithoutTheTracepointIsNone) {
  EXPECT_THAT(DropRulesOf(*Kernel(btf__new_empty())).error().message, HasSubstr("no tracepoint kfree_skb"));
  EXPECT_THAT(DropRulesOf(*WithTracepoint(4)).error().message, HasSubstr("reports no drop reasons"));
  EXPECT_THAT(DropRulesOf(*With(3, {})).error().message, HasSubstr("reports no drop reasons"));
}

TEST(DropReasons, EachHasItsOwnNameAMeaningARemediationAndADirection) {
  std::vector<std::string_view> names;
  for (int r = CANDOR_DROP_NONE + 1; r < CANDOR_DROP_MAX; ++r) {
    const auto reason = static_cast<candor_drop_reason>(r);
    EXPECT_TRUE(IsDropCounted(reason, CANDOR_IN) || IsDropCounted(reason, CANDOR_OUT)) << r;
    EXPECT_FALSE(DropHelp(reason).empty()) << r;
    EXPECT_THAT(names, Not(Contains(DropName(reason))));
    names.push_back(DropName(reason));
  }
  EXPECT_FALSE(IsDropCounted(CANDOR_DROP_RECEIVE_BUFFER, CANDOR_OUT));
  EXPECT_FALSE(IsDropCounted(CANDOR_DROP_QDISC, CANDOR_IN));
  EXPECT_TRUE(IsDropCounted(CANDOR_DROP_NETFILTER, CANDOR_IN) &&
              IsDropCounted(CANDOR_DROP_NETFILTER, CANDOR_OUT));
  EXPECT_NE(DropRemediation(CANDOR_DROP_NETFILTER, CANDOR_IN),
            DropRemediation(CANDOR_DROP_NETFILTER, CANDOR_OUT));
}

}  // namespace
}  // namespace candor
