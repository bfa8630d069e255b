// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "attempt/attempt_tracker.h"
#include "flow/state_machine.h"
#include "packet_script.h"
#include "replay/file_source.h"
#include "seeds.h"

namespace candor::fuzz {
namespace {

const IpAddress kNode = IpAddress::V4(0x0a630001);

struct Packet {
  Time at{};
  candor_dir dir = CANDOR_IN;
  Bytes ip;  // as captured
  candor_udp udp{};
  candor_packet read{};

  Bytes Payload() const {
    const size_t end = std::min<size_t>(ip.size(), udp.payload + udp.length);
    return {ip.begin() + udp.payload, ip.begin() + static_cast<std::ptrdiff_t>(end)};
  }
  bool Cut() const { return udp.payload + udp.length > ip.size(); }
};

// The node's UDP packets of a capture.
bool ReadPackets(const std::string& path, std::vector<Packet>* out) {
  auto reader = CaptureReader::Open(path);
  if (!reader) return false;
  CapturedPacket frame;
  while (true) {
    const auto more = reader->Next(&frame);
    if (!more) return false;
    if (!*more) return true;
    const Decapsulated found = Decapsulate(frame.link_type, frame.bytes, frame.wire_length, Depth::kFirstIp);
    if (found.answer != FrameContent::kIp) continue;
    const IpPacket& ip = found.packet;
    Packet p;
    p.at = frame.time;
    p.ip.assign(ip.bytes.begin(), ip.bytes.end());
    const candor_bytes bytes{p.ip.data(), static_cast<uint32_t>(p.ip.size()), ip.wire_length};
    if (candor_parse_ip(&bytes, CANDOR_OUT, &p.udp) != CANDOR_IP_UDP) continue;
    if (LocalOf(p.udp.key).address == kNode) {
      p.dir = CANDOR_OUT;
    } else if (candor_parse_ip(&bytes, CANDOR_IN, &p.udp); LocalOf(p.udp.key).address != kNode) {
      continue;
    }
    candor_classify(&bytes, &p.udp, p.dir, &p.read);
    out->push_back(std::move(p));
  }
}

uint8_t GapOf(Duration gap) {
  uint8_t i = 0;
  while (i + 1 < std::ssize(kGaps) && kGaps[i + 1] <= gap) ++i;
  return i;
}

// Packets as a script; peers are numbered by the order in which they come.
class ScriptWriter {
 public:
  void Add(const Packet& p) {
    const auto peer = peers_.emplace(p.udp.key, peers_.size()).first->second;
    ScriptedPacket s;
    s.peer = static_cast<uint8_t>(peer % 4);
    s.peer_port = static_cast<uint8_t>(peer / 4);
    s.rtcp_port = p.read.kind == CANDOR_KIND_RTCP && p.udp.key.local_port % 2 == 1;
    s.dir = p.dir;
    s.gap = size_++ == 0 ? 0 : GapOf(p.at - last_);
    s.cut = p.Cut();
    s.payload = p.Payload();
    // Of media only the header is read.
    if (p.read.kind == CANDOR_KIND_RTP || p.read.kind == CANDOR_KIND_RTCP) s.payload.resize(16), s.cut = true;
    last_ = p.at;
    Append(s, &script_);
  }
  size_t size() const { return size_; }
  const Bytes& script() const { return script_; }

 private:
  std::unordered_map<FlowKey, size_t, FlowKeyHash, FlowKeyEqual> peers_;
  Bytes script_;
  Time last_{};
  size_t size_ = 0;
};

// Media that adds nothing to what the flow has shown already.
bool Tedious(const Packet& p, std::unordered_map<FlowKey, int, FlowKeyHash, FlowKeyEqual>* media) {
  const bool is_media = p.read.kind == CANDOR_KIND_RTP || p.read.kind == CANDOR_KIND_RTCP;
  return is_media && ++(*media)[p.udp.key] > 8;
}

void SeedScripts(const std::vector<Packet>& packets, SeedFolder* out) {
  constexpr size_t kPerFlow = 24, kTogether = 40;
  std::unordered_map<FlowKey, ScriptWriter, FlowKeyHash, FlowKeyEqual> flows;
  std::unordered_map<FlowKey, int, FlowKeyHash, FlowKeyEqual> media;
  std::map<size_t, ScriptWriter> together;
  size_t n = 0;
  for (const Packet& p : packets) {
    if (p.read.kind == CANDOR_KIND_UNKNOWN || Tedious(p, &media)) continue;
    ScriptWriter& flow = flows[p.udp.key];
    if (flow.size() < kPerFlow) flow.Add(p);
    together[n++ / kTogether].Add(p);
  }
  size_t kept = 0;
  for (const auto& [key, flow] : flows) {
    if (flow.size() < 6 || ++kept > 8) continue;
    out->Add("flow_step", flow.script());
    out->Add("tracker", flow.script());
  }
  for (const auto& [slice, script] : together) {
    if (slice < 6) out->Add("tracker", script.script()), out->Add("flow_step", script.script());
  }
}

void SeedPackets(const std::vector<Packet>& packets, SeedFolder* out) {
  for (const Packet& p : packets) {
    const auto dir = static_cast<uint8_t>(p.dir);
    const std::string what = fmt::format("{} {} {:x} {:x} {} {}", p.read.kind, dir, p.read.flags,
                                         p.read.stun_type, p.read.hs, p.read.alert);
    out->AddFirst("classify", what, Bytes{dir, 100} + p.ip);
    if (p.read.kind == CANDOR_KIND_STUN) out->AddFirst("stun", what, Bytes{dir} + p.Payload());
  }
}

void SeedEvent(const FlowEvent& e, SeedFolder* out) {
  candor_event raw{};
  raw.kind = CANDOR_EVENT_FLOW;
  raw.time_ns = NanosOf(e.at);
  raw.key = e.key;
  raw.flow = e.flow;
  Bytes bytes(sizeof raw);
  std::memcpy(bytes.data(), &raw, sizeof raw);
  out->AddFirst("ring", fmt::format("{} {}", e.flow.phase, e.flow.waiting_on), bytes);
}

// An attempt's event as a line of a trace; events that a trace has no word for are left out.
std::string TraceLine(const AttemptEvent& e, Time epoch) {
  using Kind = AttemptEvent::Kind;
  if (e.kind == Kind::kWaitingOn || e.kind == Kind::kMedia || e.kind == Kind::kRunning ||
      e.kind == Kind::kReported || e.at < epoch)
    return {};
  const char* word = e.kind == Kind::kOffered        ? "attempt"
                     : e.kind == Kind::kAcknowledged ? "ack"
                     : e.kind == Kind::kActive       ? "active"
                     : e.kind == Kind::kDead         ? "dead"
                                                     : "close";
  std::string line = fmt::format("{{\"t\":{:.6f},\"e\":\"{}\",\"id\":{}", Seconds(e.at - epoch), word, e.id);
  if (e.kind == Kind::kOffered) line += fmt::format(",\"ip\":\"{}\"", e.peer.ToString());
  if (e.waiting_on != WaitingOn::kNone) line += fmt::format(",\"waiting_on\":\"{}\"", Name(e.waiting_on));
  if (e.peer_alive) line += fmt::format(",\"alive\":{}", *e.peer_alive);
  return line + "}\n";
}

// What the tracker tells the judge of a capture, in order of time, in pieces.
bool SeedEventsAndTrace(const std::string& path, SeedFolder* out) {
  auto source = FileSource::Open({path, {kNode}, {}});
  if (!source) return false;
  std::vector<AttemptEvent> events;
  AttemptTracker tracker({}, [&](const AttemptEvent& e) { events.push_back(e); });
  const auto sink = [&](const FlowEvent& e) {
    SeedEvent(e, out);
    tracker.OnFlow(e);
  };
  for (auto done = (*source)->Poll(std::chrono::milliseconds(250), sink);
       done && (*source)->NextTime()->has_value();
       done = (*source)->Poll(std::chrono::milliseconds(250), sink)) {
    tracker.Tick((*source)->now(), **source);
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const AttemptEvent& a, const AttemptEvent& b) { return a.at < b.at; });
  if (events.empty()) return true;
  std::string text;
  for (const AttemptEvent& e : events) {
    text += TraceLine(e, events.front().at);
    if (text.size() > 3500) break;
  }
  out->Add("trace", Text(text));
  out->Add("trace", Text(text.substr(0, 400)));
  return true;
}

}  // namespace

bool SeedFromCapture(const std::string& path, SeedFolder* out) {
  std::vector<Packet> packets;
  if (!ReadPackets(path, &packets)) return false;
  SeedPackets(packets, out);
  SeedScripts(packets, out);
  return SeedEventsAndTrace(path, out);
}

}  // namespace candor::fuzz
