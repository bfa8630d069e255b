// SPDX-License-Identifier: Apache-2.0
#include "replay/duplicate_filter.h"

namespace candor {
namespace {

// FNV-1a; whoever makes two packets collide has made one of them go unseen in a capture of his own.
class Hash {
 public:
  void Add(std::span<const uint8_t> bytes) {
    for (const uint8_t b : bytes) value_ = (value_ ^ b) * 0x100000001b3ull;
  }
  void Add(uint64_t word) { value_ = (value_ ^ word) * 0x100000001b3ull; }
  uint64_t value() const { return value_ == 0 ? 1 : value_; }

 private:
  uint64_t value_ = 0xcbf29ce484222325ull;
};

std::span<const uint8_t> AddressesOf(std::span<const uint8_t> ip) {
  return ip[0] >> 4 == 4 ? ip.subspan(12, 8) : ip.subspan(8, 32);
}

// What makes a UDP packet this one: its ends, its length, and as much of its payload as an RTP sequence
// number and time, a STUN transaction and a DTLS record number take. Not what the path and the network card
// change: the hop limit, checksums. 0: not enough of it is here.
uint64_t ContentOf(const Decapsulated& u) {
  constexpr size_t kPorts = 8, kEnough = 16;
  if (!u.udp || u.udp->bytes.empty()) return 0;
  if (u.udp->bytes.size() < kEnough && u.udp->bytes.size() < u.udp->wire) return 0;
  const auto payload = u.udp->bytes;
  const uint8_t* ports = payload.data() - kPorts;
  Hash h;
  h.Add(AddressesOf(u.packet.bytes));
  h.Add({ports, 4});
  h.Add(payload.first(std::min(payload.size(), kEnough)));
  h.Add(u.udp->wire);
  return h.value();
}

uint64_t AroundOf(const Decapsulated& u) {
  if (u.inside.none()) return 0;
  Hash h;
  h.Add(u.inside.to_ullong());
  h.Add(AddressesOf(u.outermost.bytes));
  return h.value();
}

}  // namespace

void DuplicateFilter::Grow() {
  std::vector<Seen> all(kPlaces);
  for (const Seen& s : seen_) all[s.content % kPlaces] = s;
  seen_ = std::move(all);
}

bool DuplicateFilter::IsCopy(Time now, const Decapsulated& packet) {
  if (seen_.empty()) seen_.resize(kPlacesBefore);
  if (seen_.size() < kPlaces && packet.inside.any()) Grow();
  const uint64_t content = ContentOf(packet), around = AroundOf(packet);
  if (content == 0) return false;
  Seen& seen = seen_[content % seen_.size()];
  // The first to come stays the one that counts: where the packet is sent again, all come again.
  if (seen.content == content && seen.around != around && now - seen.at <= kApart) return true;
  seen = {content, around, now};
  return false;
}

}  // namespace candor
