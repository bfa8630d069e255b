// SPDX-License-Identifier: Apache-2.0
#include "attempt/relay_index.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

Endpoint At(std::string_view address, uint16_t port) { return {IpAddress::Parse(address).value(), port}; }
RelayedAddresses V4(std::string_view address, uint16_t port) {
  return {{{IpAddress::Parse(address).value().AsV4(), port}, {}}};
}
RelayedAddresses V6(uint32_t head, uint16_t port) { return {{{}, {head, port}}}; }

TEST(RelayIndex, TheSamePortOnTwoAddressesIsTwoAllocations) {
  RelayIndex index;
  index.Bind(V4("192.0.2.1", 50000), 1);
  index.Bind(V4("192.0.2.2", 50000), 2);
  EXPECT_EQ(index.Find(At("192.0.2.1", 50000)), 1u);
  EXPECT_EQ(index.Find(At("192.0.2.2", 50000)), 2u);
  EXPECT_EQ(index.Find(At("192.0.2.1", 50001)), 0u);
}

TEST(RelayIndex, TheSamePortOfTheOtherFamilyIsAnotherOne) {
  RelayIndex index;
  index.Bind(V6(0x20010db8, 50000), 1);
  EXPECT_EQ(index.Find(At("2001:db8::1", 50000)), 1u);
  EXPECT_EQ(index.Find(At("192.0.2.1", 50000)), 0u);
}

TEST(RelayIndex, BehindNatThePublicAddressStandsForThePrivateOne) {
  RelayIndex index;
  index.Bind(V4("203.0.113.1", 50000), 1);
  EXPECT_EQ(index.Find(At("10.0.0.5", 50000)), 1u);
}

TEST(RelayIndex, APortThatIsAllocatedAgainBelongsToTheNewAllocation) {
  RelayIndex index;
  index.Bind(V4("192.0.2.1", 50000), 1);
  index.Bind(V4("192.0.2.1", 50000), 2);
  index.Retire(V4("192.0.2.1", 50000), 1);  // the old one ends late
  EXPECT_EQ(index.Find(At("192.0.2.1", 50000)), 2u);
  index.Retire(V4("192.0.2.1", 50000), 2);
  EXPECT_EQ(index.Find(At("192.0.2.1", 50000)), 0u);
}

}  // namespace
}  // namespace candor
