// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "seeds.h"
#include "tests/selfreport/livekit_page.h"

namespace candor::fuzz {

void SeedMetrics(SeedFolder* out) {
  const std::string page(kLiveKitPage);
  for (const std::string& text :
       {page, page.substr(0, page.size() / 2), page.substr(page.find("livekit_participant_join"), 200),
        std::string("# TYPE a counter\na{b=\"\\\\ \\\" \\n\",c=\"\",} +Inf 1700000000000\n"),
        std::string("a:b 1e3 -5\n  c_d\t{ e = \"f\" } NaN \n"), std::string("<html>\n"),
        std::string("livekit_participant_join_total{state=\"rtc_init\"} 9e15\n"),
        std::string("a{b=\"unfinished} 1\n")})
    out->Add("metrics", Bytes(text.begin(), text.end()));
}

}  // namespace candor::fuzz
