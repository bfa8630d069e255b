// SPDX-License-Identifier: Apache-2.0
//
// Whether the peer of an active plain call receives what the node sends, from its RTCP (RFC 3550 section 6.4,
// bpf/flow_report.h) and the node's RTP at successive look-ups. A peer to which nothing is sent reports
// nothing: a report counts only where the node has sent steadily since the report before it. RTCP on a port
// of its own is known from its second report on where the node reports as well, else from its fifth on (the
// probation of bpf/flow_media.h). Pure.
// Tested in tests/attempt/peer_reports_test.cc.
#pragma once

#include <cstdint>

#include "attempt/attempt.h"

namespace candor {

class PeerReports {
 public:
  // Call at each look-up of an active attempt. kMore: of reports that came since the last call. kNothing
  // stays until a report says otherwise, the node pauses, or no report comes for 30 s.
  Received Look(const Attempt& a, Time now);

  // A report has said that nothing new was received: look again soon.
  bool suspect() const { return none_since_ != Time{}; }
  // While the last answer was kNothing: when the peer last received something, at the latest; else Time{}.
  Time unheard_since() const { return unheard_since_; }

 private:
  struct Seen {
    uint32_t news = 0, none = 0;  // changes with each report of the kind
    uint32_t sent = 0;            // RTP packets of the node
    uint16_t tick = 0;            // CANDOR_REPORT_TICK of the newest state with reports
    bool any = false;             // reports at all
  };
  static Seen SeenOf(const Attempt& a);
  void NoteSending(const Seen& s, Time now);
  void NoteNothing(const Seen& s, Time now);
  Received Nothing(Time now);

  Seen last_{};
  Time looked_{};         // last; Time{}: never
  Time sending_since_{};  // without a pause, as of the look-ups
  Time none_since_{};     // the peer has received nothing new; Time{}: not so
  Time newest_none_{};    // look-up at which such a report was new
  uint32_t nones_ = 0;    // of these since both of the above times
  Time unheard_since_{};
};

}  // namespace candor
