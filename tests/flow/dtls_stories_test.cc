// SPDX-License-Identifier: Apache-2.0
//
// The same story in DTLS 1.2, in 1.3, with connection ids, inside ChannelData and inside STUN: the same
// phase, the same side that owes, the same refusals and goodbyes.
#include "tests/packets/dtls_stories.h"

#include <gtest/gtest.h>

#include <tuple>

#include "wire.h"

namespace candor {
namespace {

struct End {
  int phase;
  int owed;
  uint32_t flags = 0;  // of kTold, exactly these
  uint16_t marks = 0;
};
constexpr uint32_t kTold = CANDOR_F_CLOSED_IN | CANDOR_F_ALERT_IN | CANDOR_F_ALERT_OUT | CANDOR_F_RTP_IN |
                           CANDOR_F_RTP_OUT | CANDOR_F_DATA_IN | CANDOR_F_DATA_OUT;

End EndOf(Story story, bool node_client) {
  const int server = node_client ? CANDOR_OWED_PEER : CANDOR_OWED_NODE;
  switch (story) {
    case Story::kPublisher:
      return {CANDOR_PHASE_ACTIVE, CANDOR_OWED_NONE, CANDOR_F_RTP_IN};
    case Story::kSubscriber:
      return {CANDOR_PHASE_ACTIVE, CANDOR_OWED_NONE, CANDOR_F_RTP_OUT};
    case Story::kDataOnly:
      return {CANDOR_PHASE_ACTIVE, CANDOR_OWED_NONE, CANDOR_F_DATA_IN | CANDOR_F_DATA_OUT};
    case Story::kQuiet:
      return {CANDOR_PHASE_SECURED, CANDOR_OWED_NONE};
    case Story::kNodeMute:
      return {CANDOR_PHASE_SECURED, CANDOR_OWED_NODE, CANDOR_F_RTP_IN};
    case Story::kNodeMuteData:
      return {CANDOR_PHASE_SECURED, CANDOR_OWED_NODE, CANDOR_F_DATA_IN};
    case Story::kPeerSilent:
      return {CANDOR_PHASE_ACTIVE, CANDOR_OWED_NONE, CANDOR_F_RTP_OUT};
    case Story::kHelloUnanswered:
    case Story::kFinishedUnanswered:
      return {CANDOR_PHASE_NOMINATED, server};
    case Story::kServerFlightLost:
      return {CANDOR_PHASE_NOMINATED, CANDOR_OWED_PATH};
    case Story::kServerEndLost:
      return {CANDOR_PHASE_SECURED, node_client ? CANDOR_OWED_NONE : CANDOR_OWED_PATH};
    case Story::kPeerLeaves:
      return {CANDOR_PHASE_SECURED, CANDOR_OWED_NONE, CANDOR_F_CLOSED_IN};
    case Story::kNodeLeaves:
      return {CANDOR_PHASE_SECURED, CANDOR_OWED_NONE, 0, CANDOR_M_CLOSED_OUT};
    case Story::kNodeRefuses:
      return {CANDOR_PHASE_NOMINATED, CANDOR_OWED_NONE, CANDOR_F_ALERT_OUT};
    case Story::kPeerRefuses:
      return {CANDOR_PHASE_NOMINATED, CANDOR_OWED_NONE, CANDOR_F_ALERT_IN};
  }
  return {};
}

std::vector<Telling> Tellings() {
  std::vector<Telling> out;
  for (const bool node_client : {false, true}) {
    for (const int version : {12, 13}) {
      for (const size_t cid : {0, 1, 8, 20}) out.push_back({version, cid, false, false, false, node_client});
      out.push_back({version, 0, true, false, false, node_client});
      out.push_back({version, 0, false, true, false, node_client});
    }
    for (const size_t cid : {0, 4}) out.push_back({13, cid, false, false, true, node_client});
  }
  return out;
}

std::vector<Story> Stories() {
  std::vector<Story> out;
  for (int s = 0; s <= static_cast<int>(Story::kNodeRefuses); ++s) out.push_back(static_cast<Story>(s));
  return out;
}

using Told = std::tuple<Story, Telling>;

class DtlsStories : public testing::TestWithParam<Told> {};

TEST_P(DtlsStories, EndTheSameHoweverTheyAreTold) {
  const auto& [story, telling] = GetParam();
  Wire w;
  for (const StoryPacket& p : Tell(story, telling)) w.At(p.at_ms, p.dir, p.payload);
  const End end = EndOf(story, telling.node_client);
  EXPECT_EQ(w.phase(), end.phase);
  EXPECT_EQ(w.owed_now(), end.owed);
  EXPECT_EQ(w.flow().flags & kTold, end.flags);
  EXPECT_EQ(w.flow().marks, end.marks);
  EXPECT_TRUE(w.has(CANDOR_F_BEGAN));
}

INSTANTIATE_TEST_SUITE_P(All, DtlsStories,
                         testing::Combine(testing::ValuesIn(Stories()), testing::ValuesIn(Tellings())),
                         [](const testing::TestParamInfo<Told>& i) {
                           return NameOf(std::get<0>(i.param)) + NameOf(std::get<1>(i.param));
                         });

}  // namespace
}  // namespace candor
