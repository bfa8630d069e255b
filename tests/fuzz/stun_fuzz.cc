// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a STUN message, compared with a second parser written from RFC 8489. Byte 0 chooses the
// direction.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/fnv1a.h"
#include "check.h"
#include "flow/state_machine.h"
#include "targets.h"
#include "tests/packets/packets.h"

namespace candor::fuzz {
namespace {

using Span = std::span<const uint8_t>;

uint32_t Number(Span s, size_t at, size_t bytes) {
  uint32_t n = 0;
  for (size_t i = 0; i < bytes; ++i) n = n << 8 | s[at + i];
  return n;
}

struct TypedValue {
  uint32_t type;
  Span value;
};

struct Message {
  uint32_t type = 0;
  std::vector<TypedValue> attributes;
  bool more = false;  // attributes beyond CANDOR_STUN_ATTRS
};

enum class Verdict : uint8_t { kOther, kMalformed, kStun };

Verdict Parse(Span s, Message* m) {
  if (s.size() < 20 || s[0] > 3 || Number(s, 4, 4) != 0x2112a442) return Verdict::kOther;
  const uint32_t body = Number(s, 2, 2);
  if (body % 4 != 0 || body + 20 > s.size()) return Verdict::kMalformed;
  m->type = Number(s, 0, 2);
  Span rest = s.subspan(20, body);
  while (rest.size() >= 4) {
    if (m->attributes.size() == CANDOR_STUN_ATTRS) {
      m->more = true;
      break;
    }
    const uint32_t size = Number(rest, 2, 2);
    if (size + 4 > rest.size()) break;
    m->attributes.push_back({Number(rest, 0, 2), rest.subspan(4, size)});
    rest = rest.subspan(std::min<size_t>(rest.size(), 4 + (size + 3) / 4 * 4));
  }
  return Verdict::kStun;
}

const TypedValue* First(const Message& m, uint32_t type) {
  const auto it = std::find_if(m.attributes.begin(), m.attributes.end(),
                               [&](const TypedValue& a) { return a.type == type; });
  return it == m.attributes.end() ? nullptr : &*it;
}

struct Halves {
  std::string node, peer;
};

// Of "receiver:sender" (RFC 8445 section 7.2.2), of requests only.
std::optional<Halves> Ufrag(const Message& m, candor_dir dir) {
  const TypedValue* name = First(m, 0x0006);
  if (name == nullptr || (m.type & 0x0110) != 0) return std::nullopt;
  const Span read = name->value.first(std::min<size_t>(name->value.size(), CANDOR_USERNAME_READ));
  const std::string text(read.begin(), read.end());
  const size_t colon = text.find(':');
  if (colon == std::string::npos) return std::nullopt;
  const std::string receiver = text.substr(0, colon), sender = text.substr(colon + 1);
  return dir == CANDOR_IN ? Halves{receiver, sender} : Halves{sender, receiver};
}

uint32_t Flags(const Message& m) {
  uint32_t out = m.more ? CANDOR_P_ATTRS_CUT : 0;
  if (First(m, 0x0008) != nullptr || First(m, 0x001c) != nullptr) out |= CANDOR_P_INTEGRITY;
  if (First(m, 0x0025) != nullptr) out |= CANDOR_P_USE_CANDIDATE;
  if (First(m, 0xc070) != nullptr || First(m, 0xc071) != nullptr) out |= CANDOR_P_SPED;
  return out;
}

void CheckUfrag(const Message& m, candor_dir dir, const candor_packet& p) {
  const auto ufrag = Ufrag(m, dir);
  Check(ufrag.has_value() == ((p.flags & CANDOR_P_USERNAME) != 0),
        "a request's USERNAME with a colon is read");
  if (!ufrag) return;
  Check(p.ufrag_hash == std::max<uint64_t>(1, Fnv1a64(ufrag->node + ":" + ufrag->peer)),
        "the hash is of both halves, the node's first");
  const std::string kept(p.ufrag_text, p.ufrag_text + p.ufrag_len);
  Check(kept == ufrag->node.substr(0, CANDOR_UFRAG_TEXT), "the text is the node's half");
}

void CheckMessage(const Message& m, const candor_packet& p) {
  constexpr uint32_t kCompared =
      CANDOR_P_ATTRS_CUT | CANDOR_P_INTEGRITY | CANDOR_P_USE_CANDIDATE | CANDOR_P_SPED;
  Check(p.stun_type == m.type, "the type is read");
  Check((p.flags & kCompared) == Flags(m), "every attribute is seen once it is there");
  uint32_t error = 0;
  for (const TypedValue& a : m.attributes) {
    if (a.type == 0x0009 && a.value.size() >= 4) error = (a.value[2] & 7u) * 100 + a.value[3];
  }
  Check(p.stun_error == error, "an error's number is read");
}

}  // namespace

void Stun(Input input) {
  if (input.empty()) return;
  const candor_dir dir = (input[0] & 1) != 0 ? CANDOR_OUT : CANDOR_IN;
  const Bytes payload(input.begin() + 1, input.end());
  if (payload.empty() || payload[0] > 3 || payload.size() > 65507) return;

  const auto size = static_cast<uint32_t>(payload.size());
  const candor_bytes bytes{payload.data(), size, size};
  candor_packet p{};
  candor_parse_stun(&bytes, 0, size, dir, &p);

  Message m;
  switch (Parse(payload, &m)) {
    case Verdict::kOther:
      return Check(p.kind == CANDOR_KIND_UNKNOWN, "without its cookie it is no STUN");
    case Verdict::kMalformed:
      return Check(p.kind == CANDOR_KIND_UNPARSED, "a wrong length is counted");
    case Verdict::kStun:
      Check(p.kind == CANDOR_KIND_STUN, "STUN is STUN");
      CheckMessage(m, p);
      CheckUfrag(m, dir, p);
  }
}

}  // namespace candor::fuzz
