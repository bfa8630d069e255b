// SPDX-License-Identifier: Apache-2.0
#include "replay/layers/decapsulate.h"

#include "replay/layers/frame_layers.h"
#include "replay/layers/ip_layers.h"
#include "replay/layers/link_layer.h"

namespace candor {
namespace {

using Kind = LayerStep::Kind;

// The length in the IP header; 0: not given there (segmentation offload, jumbograms).
uint32_t StatedLength(const Slice& ip, bool v6) {
  if (!v6) return ip.U16(2);
  const uint32_t payload = ip.U16(4);
  return payload == 0 ? 0 : payload + 40;
}

// Limits `slice` to the IP packet at its start. kIp: the fixed header was captured.
FrameContent MeasureIp(bool inner, Slice* slice) {
  if (slice->bytes.empty()) return FrameContent::kCut;
  const unsigned version = slice->U8(0) >> 4;
  if (version != 4 && version != 6) return FrameContent::kNotIp;
  const uint32_t fixed = version == 4 ? 20 : 40;
  if (!slice->Has(fixed)) return FrameContent::kCut;
  const uint32_t stated = StatedLength(*slice, version == 6);
  // Bytes after the IP packet are padding of a short Ethernet frame.
  if (stated != 0 && (inner || stated < slice->wire)) slice->wire = stated;
  if (slice->wire < fixed) return FrameContent::kCut;
  slice->bytes = slice->bytes.first(std::min<size_t>(slice->bytes.size(), slice->wire));
  return FrameContent::kIp;
}

FrameContent AnswerOf(Kind kind) {
  switch (kind) {
    case Kind::kNotIp:
      return FrameContent::kNotIp;
    case Kind::kUnknownLink:
      return FrameContent::kUnknownLink;
    default:
      return FrameContent::kCut;
  }
}

class Decapsulator {
 public:
  Decapsulator(Depth depth, Decapsulated* out) : out_(*out), depth_(depth) {}

  // Parses the payload of `step`, and of each next step, to the end.
  void Run(LayerStep step) {
    while (!ended_) step = Take(step);
  }

 private:
  LayerStep Take(const LayerStep& step) {
    if (step.opaque) out_.opaque = step.opaque;
    if (step.entered && !Enter(*step.entered)) return step;
    switch (step.kind) {
      case Kind::kEthernet:
        return ParseEthernet(step.slice);
      case Kind::kEtherType:
        return ParseEtherType(step.type, step.slice);
      case Kind::kPpp:
        return ParsePpp(step.slice);
      case Kind::kMpls:
        return ParseMpls(step.slice);
      case Kind::kIp:
        return TakeIp(step.slice);
      case Kind::kPlainUdp:
        out_.udp = step.slice;
        return End(FrameContent::kIp);
      case Kind::kPlain:
        return End(FrameContent::kIp);
      case Kind::kNotIp:
      case Kind::kCut:
      case Kind::kUnknownLink:
        break;
    }
    return End(AnswerOf(step.kind));
  }

  bool Enter(Encapsulation e) {
    if (entered_ == kMaxEncapsulations) {
      out_.too_deep = true;
      End(have_ip_ ? FrameContent::kIp : FrameContent::kNotIp);
      return false;
    }
    ++entered_;
    out_.inside.set(static_cast<size_t>(e));
    return true;
  }

  LayerStep TakeIp(Slice slice) {
    const FrameContent answer = MeasureIp(have_ip_, &slice);
    if (answer != FrameContent::kIp) return End(answer);
    out_.packet = {slice.bytes, slice.wire};
    if (!have_ip_) out_.outermost = out_.packet;
    have_ip_ = true;
    return depth_ == Depth::kFirstIp ? End(FrameContent::kIp) : ParseIp(slice);
  }

  LayerStep End(FrameContent answer) {
    ended_ = true;
    out_.answer = answer;
    return {};
  }

  Decapsulated& out_;
  Depth depth_;
  int entered_ = 0;
  bool have_ip_ = false, ended_ = false;
};

}  // namespace

Decapsulated Decapsulate(uint16_t link_type, std::span<const uint8_t> frame, uint32_t wire_length,
                         Depth depth) {
  Decapsulated out;
  Decapsulator(depth, &out).Run(ParseLink(link_type, {frame, wire_length}));
  return out;
}

}  // namespace candor
