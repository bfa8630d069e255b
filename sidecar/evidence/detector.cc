// SPDX-License-Identifier: Apache-2.0
#include "evidence/detector.h"

namespace candor {

std::string_view Name(Detector d) {
  static constexpr std::array<std::string_view, 17> kNames = {
      "waiting_on_node",     "never_active_alive",   "never_active",
      "early_drop",          "slow_setup",           "frozen",
      "none_active",         "no_rtp_to_senders",    "no_data_to_senders",
      "less_rtp_to_senders", "less_data_to_senders", "no_rtp_out",
      "no_rtp_in",           "no_data_in",           "setup_shift",
      "calls_muted",         "media_not_received"};
  return kNames.at(Index(d));
}

}  // namespace candor
