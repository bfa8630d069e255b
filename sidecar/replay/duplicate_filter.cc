// SPDX-License-Identifier: Apache-2.0
#include "replay/duplicate_filter.h"

#include <algorithm>

#include "base/fnv1a.h"

namespace candor {
namespace {

uint64_t HashOf(uint64_t hash, uint64_t word) { return (hash ^ word) * kFnv64Prime; }
uint64_t NotZero(uint64_t hash) { return hash == 0 ? 1 : hash; }

std::span<const uint8_t> AddressesOf(std::span<const uint8_t> ip) {
  return ip[0] >> 4 == 4 ? ip.subspan(12, 8) : ip.subspan(8, 32);
}

// Addresses, ports, length, and the part of the payload with the RTP sequence number and timestamp, the STUN
// transaction or the DTLS record number; without the fields that paths and network cards change (hop limit,
// checksums). 0: less than that was captured.
uint64_t ContentOf(const Decapsulated& u) {
  constexpr size_t kPorts = 8, kEnough = 16;
  if (!u.udp || u.udp->bytes.empty()) return 0;
  const auto payload = u.udp->bytes;
  if (payload.size() < kEnough && payload.size() < u.udp->wire) return 0;
  uint64_t hash = Fnv1a64(AddressesOf(u.packet.bytes));
  hash = Fnv1a64(std::span(payload.data() - kPorts, 4), hash);
  hash = Fnv1a64(payload.first(std::min(payload.size(), kEnough)), hash);
  return NotZero(HashOf(hash, u.udp->wire));
}

uint64_t EncapsulationOf(const Decapsulated& u) {
  if (u.inside.none()) return 0;
  return NotZero(Fnv1a64(AddressesOf(u.outermost.bytes), HashOf(kFnv64Basis, u.inside.to_ullong())));
}

}  // namespace

void DuplicateFilter::Grow() {
  std::vector<Seen> all(kSlots);
  for (const Seen& s : seen_) all[s.content % kSlots] = s;
  seen_ = std::move(all);
}

bool DuplicateFilter::IsCopy(Time now, const Decapsulated& packet) {
  if (seen_.empty()) seen_.resize(kSlotsBefore);
  if (seen_.size() < kSlots && packet.inside.any()) Grow();
  const uint64_t content = ContentOf(packet), encapsulation = EncapsulationOf(packet);
  if (content == 0) return false;
  Seen& seen = seen_[content % seen_.size()];
  // The first encapsulation stays the one that counts: a retransmission comes in each of them again.
  const bool same = seen.content == content && now - seen.at <= kMaxDelay;
  if (same && seen.encapsulation != encapsulation) return true;
  seen = {content, encapsulation, now};
  return false;
}

}  // namespace candor
