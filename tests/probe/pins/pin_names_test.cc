// SPDX-License-Identifier: Apache-2.0
#include "probe/pins/pin_names.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

TEST(PinNames, AnInstanceHasTheCgroupsNameAndItsHash) {
  const std::string name = InstanceName("/sys/fs/cgroup/media.slice");
  EXPECT_EQ(name.substr(0, 12), "media_slice-") << "a BPF file system refuses dots";
  EXPECT_NE(name, InstanceName("/sys/fs/cgroup/other/media.slice"));
  EXPECT_EQ(InstanceName("/").substr(0, 5), "root-");
  EXPECT_LT(InstanceName("/" + std::string(300, 'x')).size(), 64u);
}

TEST(PinNames, AVersionReadsBackFromItsName) {
  const ObjectVersion v{2, 0x0123abcd, 0x4567ef89};
  EXPECT_EQ(v.Name(), "v2-0123abcd-4567ef89");
  EXPECT_EQ(ObjectVersion::Parse(v.Name()), v);
}

TEST(PinNames, WhatIsNoVersionIsNone) {
  for (const char* name : {"", "new-17", "v2", "v2-", "v2-1-", "vx-1-2", "v2-1-2x", "v2-1-2-3", "2-1-2"}) {
    EXPECT_EQ(ObjectVersion::Parse(name), std::nullopt) << name;
  }
}

TEST(PinNames, MapsAreTheSameWhateverThePrograms) {
  const ObjectVersion v{2, 7, 8};
  EXPECT_TRUE(v.SameMaps({2, 7, 9}));
  EXPECT_FALSE(v.SameMaps({2, 6, 8}));
  EXPECT_FALSE(v.SameMaps({3, 7, 8}));
}

}  // namespace
}  // namespace candor
