// SPDX-License-Identifier: Apache-2.0
//
// Plain calls of a scene, packet by packet: each has a port of its own and sends 5 packets a second.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scene.h"

namespace candor {

class Call {
 public:
  explicit Call(uint16_t n)
      : key_(KeyOf("192.0.2.1", static_cast<uint16_t>(30000 + 2 * n), "198.51.100.7",
                   static_cast<uint16_t>(40000 + 2 * n))),
        rtcp_(KeyOf("192.0.2.1", static_cast<uint16_t>(30001 + 2 * n), "198.51.100.7",
                    static_cast<uint16_t>(40001 + 2 * n))),
        ssrc_(1000u + n) {}

  Call& In(Scene& s) { return s.In(key_, Rtp(ssrc_, ++in_)), *this; }
  Call& Out(Scene& s) { return s.Out(key_, Rtp(ssrc_ + 1000, ++out_)), *this; }
  Call& Both(Scene& s) { return In(s).Out(s); }
  Call& Reports(Scene& s) {
    s.Out(rtcp_, Rtcp(ssrc_ + 1000)).In(rtcp_, Rtcp(ssrc_));
    return *this;
  }

  AttemptView View(const Scene& s) const { return s.Find(std::to_string(key_.local_port)); }
  const FlowKey& key() const { return key_; }
  const FlowKey& rtcp() const { return rtcp_; }

 private:
  FlowKey key_, rtcp_;
  uint32_t ssrc_;
  uint16_t in_ = 0, out_ = 0;
};

// What each of `calls` does, five times a second for `seconds`.
template <class Does>
void Go(Scene& s, double seconds, const Does& does) {
  for (int i = 0; i < static_cast<int>(seconds * 5 + 0.5); ++i) {
    does();
    s.Wait(0.2);
  }
}

// So many calls of 5 s, one after another: the node serves its calls.
inline void ServeCalls(Scene& s, int count) {
  for (int i = 0; i < count; ++i) {
    Call call(static_cast<uint16_t>(1000 + i));
    Go(s, 5, [&] { call.Both(s); });
  }
}

}  // namespace candor
