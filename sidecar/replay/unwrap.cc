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

// Where the IP packet at `place` begins and ends. kPlain: it is whole as far as its fixed header goes.
Step MeasureIp(const Place& place, bool inner) {
  if (place.bytes.empty()) return Step::Cut();
  const unsigned version = place.U8(0) >> 4;
  if (version != 4 && version != 6) return Step::NotIp();
  const uint32_t fixed = version == 4 ? 20 : 40;
  if (!place.Has(fixed)) return Step::Cut();
  const uint32_t stated = StatedLength(place, version == 6);
  // Ethernet pads short frames: what follows the IP packet is not part of it.
  uint32_t length = stated == 0 ? place.wire : std::min(place.wire, stated);
  if (inner && stated != 0) length = stated;
  if (length < fixed) return Step::Cut();
  return Step::To(Kind::kPlain, {place.bytes.first(std::min<size_t>(place.bytes.size(), length)), length});
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
  explicit Walk(Depth depth) : depth_(depth) {}

  // Takes `step` and all that follow from it.
  Unwrapped Through(Step step) {
    while (!ended_) step = Take(step);
    return out_;
  }

 private:
  Step Take(const Step& step) {
    if (step.sealed) out_.sealed = step.sealed;
    if (step.udp) out_.udp = step.udp;
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

  Step TakeIp(const Place& place) {
    const Step measured = MeasureIp(place, have_ip_);
    if (measured.kind != Kind::kPlain) return End(AnswerOf(measured.kind));
    out_.packet = {measured.place.bytes, measured.place.wire};
    if (!have_ip_) out_.outermost = out_.packet;
    have_ip_ = true;
    return depth_ == Depth::kFirstIp ? End(Unwrap::kIp) : OpenIp(measured.place);
  }

  Step End(Unwrap answer) {
    ended_ = true;
    out_.answer = answer;
    return {};
  }

  Depth depth_;
  Unwrapped out_;
  int entered_ = 0;
  bool have_ip_ = false, ended_ = false;
};

}  // namespace

Unwrapped UnwrapFrame(uint16_t link_type, std::span<const uint8_t> frame, uint32_t wire_length, Depth depth) {
  return Walk(depth).Through(OpenLink(link_type, {frame, wire_length}));
}

}  // namespace candor
