// SPDX-License-Identifier: Apache-2.0
#include "probe/kernel/wrong_cgroup.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/counted.h"

namespace candor {
namespace {

constexpr uint64_t kUnseenTimes = 10;

// The kinds that other protocols do not imitate.
uint64_t SetupOf(const Counters& c) {
  return c[CANDOR_C_STUN] + c[CANDOR_C_DTLS] + c[CANDOR_C_CHANNEL_DATA] + c[CANDOR_C_ZRTP];
}
// A quarter of all DNS queries begin like RTP: so few are no media.
constexpr uint64_t kFewMedia = 10;

constexpr const char* kHostTree =
    "give candord the tree of the host (docker run --cgroupns=host -v /sys/fs/cgroup:/sys/fs/cgroup:ro; "
    "Kubernetes: a hostPath volume of /sys/fs/cgroup)";

std::string Moved(uint64_t datagrams) {
  return fmt::format("sockets moved {} in {:.0f} s and the probes saw none of them",
                     Counted(datagrams, "datagram"), Seconds(WrongCgroup::kWindow));
}

Blindness BlindByNamespace(const WatchFacts& f) {
  const std::string where = f.private_namespace
                                ? "candord is in a cgroup namespace of its own, so " + f.cgroup + " is"
                                : f.cgroup + " is not the root of the machine's tree but";
  const std::string who = f.only_self ? "no process but candord is in it" : "no UDP socket belongs to it";
  return {"cgroup_namespace",
          fmt::format(
              "{} the cgroup of this container only, and {}: the media server's packets are not seen; {}, or "
              "point the cgroup option at the media server's cgroup in it",
              where, who, kHostTree)};
}

Blindness BlindByNoOther(const WatchFacts& f) {
  return {
      "wrong_cgroup",
      fmt::format("no process but candord is in the watched cgroup {}; point the cgroup option at the media "
                  "server's cgroup, or at the root (cgroup: auto)",
                  f.cgroup)};
}

Blindness BlindBySocketsOutside(const WatchFacts& f, uint64_t datagrams) {
  return {"sockets_outside_cgroup",
          fmt::format(
              "{}: the socket on UDP port {} was made outside of {} ({}), and a socket stays for ever in the "
              "cgroup in which it was made. Restart the media server within the cgroup, or watch the root "
              "(cgroup: auto); for socket activation watch the root, because systemd makes the socket, not "
              "the service",
              Moved(datagrams), f.proven_port, f.cgroup, f.proof)};
}

Blindness BlindAtTheRoot(uint64_t datagrams) {
  return {
      "probes_see_nothing",
      fmt::format(
          "{}, although every socket belongs to the watched root of the cgroup tree; restart candord, and "
          "report it to the project if that does not help",
          Moved(datagrams))};
}

std::string WarnOfPorts(const WatchFacts& f, uint64_t datagrams) {
  return fmt::format(
      "{}: only local ports {}-{} are followed. If the media server is busy, its media is on others: "
      "correct the ports option",
      Moved(datagrams), f.port_min, f.port_max);
}

std::string WarnOfSockets(const WatchFacts& f, uint64_t datagrams) {
  const std::string which =
      f.sockets_unknown.empty()
          ? fmt::format("{} in the network namespace outside of {}, {} in it",
                        Counted(f.outside, "UDP socket is", "UDP sockets are"), f.cgroup, f.inside)
          : fmt::format("whose they are is not known ({})", f.sockets_unknown);
  return fmt::format(
      "{}; {}. If the media server is busy, its sockets were made outside of the watched cgroup: "
      "restart it within the cgroup, or watch the root (cgroup: auto)",
      Moved(datagrams), which);
}

}  // namespace

Misplacement FindMisplacement(const WatchFacts& f, uint64_t datagrams) {
  const bool unseen = datagrams > 0;
  if (!f.tree_root) {
    // Nothing can be seen there, whether there is traffic or not.
    if (f.only_self) return {f.automatic ? BlindByNamespace(f) : BlindByNoOther(f), ""};
    if (!unseen) return {};
    if (f.proven_port != 0) return {BlindBySocketsOutside(f, datagrams), ""};
    if (f.sockets_unknown.empty()) {
      if (f.outside == 0) return {};
      if (f.automatic && f.inside == 0) return {BlindByNamespace(f), ""};
    }
    return {{}, WarnOfSockets(f, datagrams)};
  }
  if (!unseen) return {};
  if (!f.all_ports) return {{}, WarnOfPorts(f, datagrams)};
  return {BlindAtTheRoot(datagrams), ""};
}

void WrongCgroup::Note(Time now, const Counters& counters, const SocketCounts& sockets) {
  const Reading reading{
      now,         SetupOf(counters), counters[CANDOR_C_MEDIA], counters[CANDOR_C_PACKETS], sockets.received,
      sockets.sent};
  const bool seen = reading.setup != begin_.setup || reading.media > begin_.media + kFewMedia;
  if (begin_.at == Time{} || seen) {
    begin_ = reading;
    blindness_ = {};
    warning_.clear();
    doubted_ = false;
  } else if (now - begin_.at >= kWindow) {
    EndWindow(reading);
    begin_ = reading;
  }
}

void WrongCgroup::EndWindow(const Reading& now) {
  // Counts are zero while they cannot be read.
  const uint64_t received = now.received - std::min(begin_.received, now.received);
  const uint64_t sent = now.sent - std::min(begin_.sent, now.sent);
  const uint64_t seen = now.packets - std::min(begin_.packets, now.packets);
  // Both directions: tunnels of the kernel (WireGuard, VXLAN) count what they receive and not what they send,
  // and have no socket that a cgroup program sees.
  const bool unseen = received + sent >= kLeastDatagrams &&
                      std::min(received, sent) >= std::max<uint64_t>(1, kUnseenTimes * seen);
  auto [blindness, warning] = FindMisplacement(read_(unseen), unseen ? received + sent : 0);
  warning_ = std::move(warning);
  if (blindness.blind()) {
    blindness_ = std::move(blindness);
    doubted_ = false;
  } else if (std::exchange(doubted_, true)) {
    blindness_ = {};
  }
}

}  // namespace candor
