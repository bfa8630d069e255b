// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/replay_encapsulations.h"

#include <gtest/gtest.h>

namespace candor::cli {
namespace {

TEST(ReplayWrapped, SaysWhatWasReadAndWhatWasNot) {
  EncapsulationCounts c;
  c.read[static_cast<size_t>(Encapsulation::kVxlan)] = 1204;
  c.read[static_cast<size_t>(Encapsulation::kGre)] = 1;
  c.opaque[static_cast<size_t>(Opaque::kEsp)] = 12;
  c.opaque[static_cast<size_t>(Opaque::kGtp)] = 1;
  c.too_deep = 2;
  EXPECT_EQ(RenderEncapsulations(c, 2),
            "  1,204 packets were read inside VXLAN\n"
            "  1 packet was read inside GRE\n"
            "  12 packets are inside IPsec ESP, which is not read\n"
            "  1 packet is inside GTP-U, which is not read\n"
            "  2 packets are inside more than 6 encapsulations, and not read\n");
  EXPECT_EQ(JsonInside(c), R"({"vxlan":1204,"gre":1})");
  EXPECT_EQ(JsonNotRead(c), R"({"esp":12,"gtp_u":1})");
}

TEST(ReplayWrapped, SaysNothingOfAnOrdinaryCapture) {
  EXPECT_EQ(RenderEncapsulations({}, 0), "");
  EXPECT_EQ(JsonInside({}), "{}");
  EXPECT_EQ(JsonNotRead({}), "{}");
}

}  // namespace
}  // namespace candor::cli
