// SPDX-License-Identifier: Apache-2.0
//
// Whether the probes are attached where the media server's sockets are not: a private cgroup namespace,
// sockets made before their process moved into the cgroup, sockets that systemd or another process made.
//
// A cgroup program sees a socket by the cgroup in which it was made. So the probes can be attached, the media
// server busy, and no packet be seen; without a further check that looks as if there were no traffic. The
// check: for 30 s the probes saw no packet of a media protocol, while the watched network namespaces moved at
// least 200 datagrams and ten times as many as the probes saw. Alone that is no proof, for a DNS server
// beside an idle media server looks the same; the facts of watch_facts.h decide between blindness, a warning
// and nothing.
//
// Pure but for `read`, which is called at most every 30 s, and only when the probes saw no media in that
// time. Used by one thread. Tested in tests/probe/kernel/wrong_cgroup_test.cc and
// tests/survive/wrong_cgroup_test.py.
#pragma once

#include <functional>
#include <string>

#include "flow/flow_source.h"
#include "probe/kernel/watch_facts.h"

namespace candor {

class WrongCgroup {
 public:
  static constexpr Duration kWindow = std::chrono::seconds(30);
  static constexpr uint64_t kLeastDatagrams = 200;  // in a window, received and sent; one stream has 1,500
  using Read = std::function<WatchFacts(bool with_sockets)>;

  explicit WrongCgroup(Read read) : read_(std::move(read)) {}

  // Call once a second while the probes are attached and readable.
  void Note(Time now, const Counters& counters, const SocketCounts& sockets);
  // They are not: what was found is void, and a window begins with the next Note().
  void Reset() { *this = WrongCgroup(std::move(read_)); }

  // Codes: cgroup_namespace, wrong_cgroup, sockets_outside_cgroup, probes_see_nothing. Ends when the probes
  // see a packet of a media protocol, or when two windows in succession give no reason for it.
  const Blindness& blindness() const { return blindness_; }
  // What is less than a proof, with what to do; empty: nothing.
  const std::string& warning() const { return warning_; }

 private:
  struct Reading {
    Time at{};
    uint64_t setup = 0, media = 0, packets = 0;  // seen by the probes: STUN, DTLS...; RTP; all
    uint64_t received = 0, sent = 0;             // by the sockets of the watched network namespaces
  };
  void EndWindow(const Reading& now);

  Read read_;
  Reading begin_;
  Blindness blindness_;
  std::string warning_;
  bool doubted_ = false;  // the last window gave no reason for blindness_
};

// What a window without media and these facts mean together. `datagrams` were moved by sockets and not seen;
// 0: too few to mean anything.
struct Misplacement {
  Blindness blindness;
  std::string warning;
};
Misplacement FindMisplacement(const WatchFacts& facts, uint64_t datagrams);

}  // namespace candor
