// SPDX-License-Identifier: Apache-2.0
#include "replay/unwrap.h"

#include "replay/frame_layers.h"
#include "replay/ip_layers.h"
#include "replay/link_layer.h"

namespace candor {
namespace {

using Kind = Step::Kind;

// The length that the IP header itself states; 0 where it leaves that open (segmentation offload, jumbo).
uint32_t StatedLength(const Place& ip, bool v6) {
  if (!v6) return ip.U16(2);
  const uint32_t payload = ip.U16(4);
  return payload == 0 ? 0 : payload + 40;
}

// Bounds `place` to the IP packet that begins there. kIp: its fixed header is there.
Unwrap MeasureIp(bool inner, Place* place) {
  if (place->bytes.empty()) return Unwrap::kCut;
  const unsigned version = place->U8(0) >> 4;
  if (version != 4 && version != 6) return Unwrap::kNotIp;
  const uint32_t fixed = version == 4 ? 20 : 40;
  if (!place->Has(fixed)) return Unwrap::kCut;
  const uint32_t stated = StatedLength(*place, version == 6);
  // Ethernet pads short frames: what follows the IP packet is not part of it.
  if (stated != 0 && (inner || stated < place->wire)) place->wire = stated;
  if (place->wire < fixed) return Unwrap::kCut;
  place->bytes = place->bytes.first(std::min<size_t>(place->bytes.size(), place->wire));
  return Unwrap::kIp;
}

Unwrap AnswerOf(Kind kind) {
  switch (kind) {
    case Kind::kNotIp:
      return Unwrap::kNotIp;
    case Kind::kUnknownLink:
      return Unwrap::kUnknownLink;
    default:
      return Unwrap::kCut;
  }
}

class Walk {
 public:
  Walk(Depth depth, Unwrapped* out) : out_(*out), depth_(depth) {}

  // Takes `step` and all that follow from it.
  void Through(Step step) {
    while (!ended_) step = Take(step);
  }

 private:
  Step Take(const Step& step) {
    if (step.sealed) out_.sealed = step.sealed;
    if (step.entered && !Enter(*step.entered)) return step;
    switch (step.kind) {
      case Kind::kEthernet:
        return OpenEthernet(step.place);
      case Kind::kEtherType:
        return OpenEtherType(step.type, step.place);
      case Kind::kPpp:
        return OpenPpp(step.place);
      case Kind::kMpls:
        return OpenMpls(step.place);
      case Kind::kIp:
        return TakeIp(step.place);
      case Kind::kPlainUdp:
        out_.udp = step.place;
        return End(Unwrap::kIp);
      case Kind::kPlain:
        return End(Unwrap::kIp);
      case Kind::kNotIp:
      case Kind::kCut:
      case Kind::kUnknownLink:
        break;
    }
    return End(AnswerOf(step.kind));
  }

  bool Enter(Encapsulation e) {
    if (entered_ == kMostEncapsulations) {
      out_.too_deep = true;
      End(have_ip_ ? Unwrap::kIp : Unwrap::kNotIp);
      return false;
    }
    ++entered_;
    out_.inside.set(static_cast<size_t>(e));
    return true;
  }

  Step TakeIp(Place place) {
    const Unwrap answer = MeasureIp(have_ip_, &place);
    if (answer != Unwrap::kIp) return End(answer);
    out_.packet = {place.bytes, place.wire};
    if (!have_ip_) out_.outermost = out_.packet;
    have_ip_ = true;
    return depth_ == Depth::kFirstIp ? End(Unwrap::kIp) : OpenIp(place);
  }

  Step End(Unwrap answer) {
    ended_ = true;
    out_.answer = answer;
    return {};
  }

  Unwrapped& out_;
  Depth depth_;
  int entered_ = 0;
  bool have_ip_ = false, ended_ = false;
};

}  // namespace

Unwrapped UnwrapFrame(uint16_t link_type, std::span<const uint8_t> frame, uint32_t wire_length, Depth depth) {
  Unwrapped out;
  Walk(depth, &out).Through(OpenLink(link_type, {frame, wire_length}));
  return out;
}

}  // namespace candor
