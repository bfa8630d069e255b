// SPDX-License-Identifier: Apache-2.0
//
// The attempts behind a CUSUM since it last left zero, for people: how many, how many failed, from how many
// networks, which side they wait on, in which phase, and the heaviest examples. Pure value.
// Tested in tests/verdict/cusum_test.cc.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>

#include "evidence/attempt_record.h"

namespace candor {

class EvidenceSummary {
 public:
  struct Example {
    uint64_t id = 0;
    float weight = 0;
  };

  void Clear() {
    if (counted_ > 0) *this = EvidenceSummary{};
  }
  void CountHealthy(const AttemptRecord& r) { Begin(r); }

  void CountFailing(const AttemptRecord& r, float weight) {
    Begin(r);
    ++failed_;
    networks_.set(r.network.bucket);
    if (r.familiar) ++familiar_, familiar_networks_.set(r.network.bucket);
    ++waiting_on_[static_cast<size_t>(r.waiting_on) & 3];
    if (r.lost) ++lost_[Index(r.lost)];
    ++phases_[static_cast<size_t>(r.phase) % phases_.size()];
    size_t at = heaviest_.size();
    while (at > 0 && heaviest_[at - 1].weight < weight) --at;
    if (at == heaviest_.size()) return;
    for (size_t i = heaviest_.size() - 1; i > at; --i) heaviest_[i] = heaviest_[i - 1];
    heaviest_[at] = {r.id, weight};
  }

  Time since() const { return since_; }  // Time{}: nothing counted
  uint64_t counted() const { return counted_; }
  uint64_t failed() const { return failed_; }
  int networks() const { return static_cast<int>(networks_.count()); }
  const std::bitset<kNetworkBuckets>& failed_networks() const { return networks_; }
  // Of the failed: those from addresses that succeeded before, and their networks.
  uint64_t familiar() const { return familiar_; }
  int familiar_networks() const { return static_cast<int>(familiar_networks_.count()); }
  const std::array<uint64_t, 4>& waiting_on() const { return waiting_on_; }
  // Of the failed: those that this node's kernel dropped, by Index() of the reason.
  const std::array<uint32_t, kLostReasons>& lost() const { return lost_; }
  const std::array<Example, 5>& heaviest() const { return heaviest_; }  // weight 0: no further

  Phase CommonestPhase() const {
    size_t best = 0;
    for (size_t i = 1; i < phases_.size(); ++i) {
      if (phases_[i] > phases_[best]) best = i;
    }
    return static_cast<Phase>(best);
  }

 private:
  void Begin(const AttemptRecord& r) {
    if (counted_++ == 0) since_ = r.start;
  }

  Time since_{};
  uint64_t counted_ = 0, failed_ = 0, familiar_ = 0;
  std::bitset<kNetworkBuckets> networks_, familiar_networks_;
  std::array<uint64_t, 4> waiting_on_{};
  std::array<uint64_t, 6> phases_{};
  std::array<uint32_t, kLostReasons> lost_{};
  std::array<Example, 5> heaviest_{};
};

}  // namespace candor
