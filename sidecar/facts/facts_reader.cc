// SPDX-License-Identifier: Apache-2.0
#include "facts/facts_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/read_file.h"
#include "facts/words.h"

namespace candor {
namespace {

constexpr size_t kMostWatched = 8;   // processes whose descriptors are counted in calm, too: some 30 us each
constexpr long kSharingServer = 10;  // one of so many ports shared: the server's sessions share ports
constexpr size_t kMostRemembered = 64;  // cgroups, each with a few figures

template <class Map>
void Bound(Map* map) {
  if (map->size() >= kMostRemembered) map->clear();
}

uint64_t Grown(uint64_t before, uint64_t now) { return now > before ? now - before : 0; }
Duration Grown(Duration before, Duration now) { return std::max(now - before, Duration::zero()); }

double ShareOf(Duration part, Duration whole) {
  return whole > Duration::zero() ? std::clamp(Seconds(part) / Seconds(whole), 0.0, 1.0) : 0;
}

bool Contains(const std::vector<uint16_t>& ports, uint16_t port) {
  return std::find(ports.begin(), ports.end(), port) != ports.end();
}

PeerPath PathTo(const IpAddress& peer, const std::vector<Route>& routes,
                const std::vector<IpAddress>& unresolved) {
  PeerPath out;
  out.peer = peer;
  const Route* route = RouteTo(peer, routes);
  if (route == nullptr || route->refuses) {
    out.kind = PeerPath::Kind::kNoRoute;
    return out;
  }
  const IpAddress hop = route->has_gateway() ? route->gateway : peer;
  out.device = route->device;
  out.next_hop = hop.ToString();
  if (std::find(unresolved.begin(), unresolved.end(), hop) != unresolved.end())
    out.kind = PeerPath::Kind::kDeadNeighbour;
  return out;
}

// Ports that sessions share are open before the first comes, and no session uses one up. Where a tenth of the
// bound ones are known to be shared, all are taken for such: few sessions need not have met at each of them.
void CountRange(const FactsRequest& request, const std::set<uint16_t>& bound, SocketFacts* out) {
  if (request.range_max == 0) return;
  const auto within = [&](uint16_t port) { return port >= request.range_min && port <= request.range_max; };
  const auto all = std::count_if(bound.begin(), bound.end(), within);
  const auto shared = std::count_if(request.shared_ports.begin(), request.shared_ports.end(),
                                    [&](uint16_t port) { return within(port) && bound.contains(port); });
  if (shared * kSharingServer >= all && shared > 0) return;
  out->range_size = static_cast<uint32_t>(request.range_max - request.range_min + 1 - shared);
  out->range_bound = static_cast<uint32_t>(all - shared);
}

}  // namespace

LocalFacts FactsReader::Read(const FactsRequest& request, Time now, Duration since_boot) {
  LocalFacts f;
  f.at = now;
  f.watch = request.watch;
  if (!request.watch) f.machine_pressure = ReadPressure("/", now);
  ReadServer(request, now, since_boot, &f);
  if (!request.watch) ReadNetwork(request, now, &f);
  return f;
}

void FactsReader::ReadServer(const FactsRequest& request, Time now, Duration since_boot, LocalFacts* f) {
  pid_ = 0;
  std::vector<std::string> paths;
  std::string why = "no socket of the media server was seen";
  for (const uint64_t id : request.cgroups) {
    const auto path = cgroups_.PathOf(id);
    // A service that was restarted has two ids and one path.
    if (path && std::find(paths.begin(), paths.end(), *path) == paths.end()) paths.push_back(*path);
    if (!path) why = path.error().message;
  }
  if (paths.empty()) {
    f->cgroup = Fact<std::string>::Unknown(why);
    return;
  }
  f->cgroup = paths.front();
  if (paths.front() == "/") {
    f->processes =
        Fact<ProcessFacts>::Unknown("its sockets are in the root cgroup, with those of all processes");
    return;
  }
  CgroupFiles::Members members;
  std::vector<std::string> alive;  // with processes
  for (const std::string& path : paths) {
    const CgroupFiles::Members more = cgroups_.MembersOf(path);
    if (!more.pids.empty()) alive.push_back(path);
    members.pids.insert(members.pids.end(), more.pids.begin(), more.pids.end());
    members.cut = members.cut || more.cut;
  }
  std::sort(members.pids.begin(), members.pids.end());  // one path may lie below another
  members.pids.erase(std::unique(members.pids.begin(), members.pids.end()), members.pids.end());
  pid_ = members.pids.empty() ? 0 : members.pids.front();
  ended_ = !std::includes(members.pids.begin(), members.pids.end(), pids_.begin(), pids_.end());
  pids_ = members.pids;
  // There may be more cgroups than were asked for, and the newest ones change with who calls.
  members.cut = members.cut || alive.size() >= FactsRequest::kCgroups;
  f->frozen = cgroups_.FrozenOf(paths.front(), pid_);
  for (const std::string& path : alive) {
    if (!f->frozen.known() || f->frozen->empty()) break;
    const Fact<std::string> other = cgroups_.FrozenOf(path, 0);
    if (other.known() && other->empty()) f->frozen = std::string();  // a part of the server is at work
  }
  f->processes = processes_.Read(members.pids, members.cut, {now, since_boot, !request.watch});
  f->memory = ReadMemory(paths.front(), now);
  if (!request.watch || members.pids.size() <= kMostWatched)
    f->descriptors = processes_.ReadDescriptors(members.pids, !request.watch);
  if (request.watch) return;
  f->throttling = ReadThrottling(paths.front(), now);
  f->pressure = ReadPressure(paths.front(), now);
}

Fact<Throttling> FactsReader::ReadThrottling(const std::string& path, Time now) {
  const Fact<CpuStat> stat = cgroups_.CpuOf(path, pid_);
  if (!stat.known()) return Fact<Throttling>::Unknown(stat.unknown());
  Bound(&cpu_);
  const auto before = cpu_.find(path);
  Throttling t;
  if (before != cpu_.end()) {
    const auto& [at, then] = before->second;
    t.window = now - at;
    t.periods = Grown(then.periods, stat->periods);
    t.throttled_periods = Grown(then.throttled_periods, stat->throttled_periods);
    t.throttled = Grown(then.throttled, stat->throttled);
  }
  const bool first = before == cpu_.end();
  cpu_[path] = {now, *stat};
  return first ? Fact<Throttling>::Unknown("it is known from the second reading on") : t;
}

PressureFacts FactsReader::ReadPressure(const std::string& path, Time now) {
  return {PressureOf(path, "cpu", now), PressureOf(path, "memory", now), PressureOf(path, "io", now)};
}

Fact<Pressure> FactsReader::PressureOf(const std::string& path, const char* what, Time now) {
  const Fact<PressureTotals> totals = cgroups_.PressureOf(path, what);
  if (!totals.known()) return Fact<Pressure>::Unknown(totals.unknown());
  Bound(&pressure_);
  const std::string key = path + " " + what;
  const auto before = pressure_.find(key);
  Pressure p{totals->some_avg10, totals->full_avg10};
  if (before != pressure_.end() && now > before->second.first) {
    const auto& [at, then] = before->second;
    p = {ShareOf(Grown(then.some, totals->some), now - at),
         ShareOf(Grown(then.full, totals->full), now - at)};
  }
  pressure_[key] = {now, *totals};
  return p;
}

// What rose long before the alarm is no cause of it, so it counts for as long as kMemoryMemory. A process
// that is moved from one v1 cgroup to another brings other totals: only a rise from one known total to the
// next is counted.
Fact<MemoryEvents> FactsReader::ReadMemory(const std::string& path, Time now) {
  const Fact<MemoryEvents> read = cgroups_.MemoryOf(path, pid_);
  const auto vmstat = ReadFile(proc_ + "/vmstat");
  const auto machine = vmstat ? ValueOf(*vmstat, "oom_kill") : std::nullopt;
  Bound(&memory_);
  Memory& m = memory_[path];
  MemoryEvents grew;
  if (read.known() && m.cgroup) {
    grew.oom = Grown(m.cgroup->oom, read->oom);
    grew.oom_kill = Grown(m.cgroup->oom_kill, read->oom_kill);
    grew.max = Grown(m.cgroup->max, read->max);
  }
  if (read.known()) m.cgroup = *read;
  const uint64_t kills = machine && machine_oom_kill_ ? Grown(*machine_oom_kill_, *machine) : 0;
  if (machine) machine_oom_kill_ = machine;
  // The kill may be counted a reading before its process is gone. A server that is killed as soon as it is
  // started again is never seen: of it, kills in two readings count.
  const bool gone = pids_.empty();
  const bool again = gone && kills > 0 && (unmatched_oom_kill_ > 0 || killed_at_start_);
  grew.machine_oom_kill = ended_ || again ? kills + unmatched_oom_kill_ : 0;
  unmatched_oom_kill_ = ended_ || again ? 0 : gone ? unmatched_oom_kill_ + kills : kills;
  killed_at_start_ = gone && (killed_at_start_ || again);
  if (grew != MemoryEvents{}) m.grew.emplace_back(now, grew);
  while (!m.grew.empty() && m.grew.front().first < now - kMemoryMemory) m.grew.pop_front();
  if (!read.known() && !machine) return Fact<MemoryEvents>::Unknown(read.unknown());
  MemoryEvents sum;
  for (const auto& [at, more] : m.grew) {
    sum.oom += more.oom, sum.oom_kill += more.oom_kill, sum.max += more.max;
    sum.machine_oom_kill += more.machine_oom_kill;
  }
  return sum;
}

std::optional<std::string> FactsReader::NetTable(const char* name) const {
  if (pid_ <= 0) return std::nullopt;
  auto text = ReadFile(fmt::format("{}/{}/net/{}", proc_, pid_, name));
  return text ? std::optional(std::move(*text)) : std::nullopt;
}

void FactsReader::ReadNetwork(const FactsRequest& request, Time now, LocalFacts* f) {
  if (pid_ <= 0) {
    const std::string why = "without a process of the media server its network namespace is not known";
    f->sockets = Fact<SocketFacts>::Unknown(why);
    f->conntrack = Fact<Conntrack>::Unknown(why);
    f->addresses_gone = Fact<std::vector<IpAddress>>::Unknown(why);
    f->paths = Fact<std::vector<PeerPath>>::Unknown(why);
    return;
  }
  f->sockets = ReadSockets(request, now);
  f->conntrack = ReadConntrack();
  f->addresses_gone = ReadAddresses(request);
  f->paths = ReadPaths(request);
}

// Of a family whose table cannot be read nothing is said.
Fact<std::vector<IpAddress>> FactsReader::ReadAddresses(const FactsRequest& request) const {
  using Gone = std::vector<IpAddress>;
  const auto fib_trie = NetTable("fib_trie"), if_inet6 = NetTable("if_inet6");
  const auto local = ParseLocalAddresses(fib_trie.value_or(""), if_inet6.value_or(""));
  Gone gone;
  const char* unread = nullptr;
  for (const IpAddress& a : request.addresses) {
    if (!(a.IsV4() ? fib_trie : if_inet6)) {
      unread = a.IsV4() ? "candord may not read net/fib_trie" : "candord may not read net/if_inet6";
      continue;
    }
    const bool here =
        std::any_of(local.begin(), local.end(), [&](const IpPrefix& p) { return p.Contains(a); });
    if (!here) gone.push_back(a);
  }
  return gone.empty() && unread != nullptr ? Fact<Gone>::Unknown(unread) : gone;
}

Fact<std::vector<PeerPath>> FactsReader::ReadPaths(const FactsRequest& request) const {
  using Paths = std::vector<PeerPath>;
  const auto route = NetTable("route"), ipv6_route = NetTable("ipv6_route"), arp = NetTable("arp");
  const std::vector<Route> routes = ParseRoutes(route.value_or(""), ipv6_route.value_or(""));
  const std::vector<IpAddress> unresolved = ParseUnresolved(arp.value_or(""));
  Paths paths;
  const char* unread = nullptr;
  for (const IpAddress& peer : request.peers) {
    if (peer.IsV4() ? route : ipv6_route) {
      paths.push_back(PathTo(peer, routes, unresolved));
    } else {
      unread = peer.IsV4() ? "candord may not read net/route" : "candord may not read net/ipv6_route";
    }
  }
  return paths.empty() && unread != nullptr ? Fact<Paths>::Unknown(unread) : paths;
}

Duration FactsReader::Unchanged(std::map<uint16_t, Queue>* queues, uint16_t port, uint64_t bytes, Time now) {
  const auto [it, first] = queues->try_emplace(port, Queue{bytes, now});
  Queue& q = it->second;
  if (bytes == 0 || bytes < q.bytes) q.since = now;
  q.bytes = bytes;
  return first ? Duration::zero() : now - q.since;
}

Fact<SocketFacts> FactsReader::ReadSockets(const FactsRequest& request, Time now) {
  const auto udp = NetTable("udp"), udp6 = NetTable("udp6");
  if (!udp && !udp6) return Fact<SocketFacts>::Unknown("candord may not read net/udp");
  SocketFacts out;
  std::map<uint16_t, SocketQueue> media;  // of all sockets of a port
  std::set<uint16_t> bound;
  for (const auto& table : {udp, udp6}) {
    ForEachUdpSocket(table.value_or(""), [&](const UdpSocketRow& row) {
      ++out.sockets;
      bound.insert(row.port);
      if (!Contains(request.ports, row.port)) return;
      SocketQueue& q = media[row.port];
      q.port = row.port;
      q.receive += row.receive, q.send += row.send, q.drops += row.drops;
    });
  }
  for (auto& [port, q] : media) {
    q.unread = Unchanged(&unread_, port, q.receive, now);
    q.unsent = Unchanged(&unsent_, port, q.send, now);
    out.media.push_back(q);
  }
  const auto no_longer = [&](const auto& entry) { return !media.contains(entry.first); };
  std::erase_if(unread_, no_longer), std::erase_if(unsent_, no_longer);
  std::stable_sort(out.media.begin(), out.media.end(), [](const SocketQueue& a, const SocketQueue& b) {
    return std::max(a.receive, a.send) > std::max(b.receive, b.send);
  });
  if (out.media.size() > kMostListed) out.media.resize(kMostListed);
  for (const uint16_t port : request.shared_ports) {
    if (!bound.contains(port) && out.gone.size() < kMostListed) out.gone.push_back(port);
  }
  std::sort(out.gone.begin(), out.gone.end());
  CountRange(request, bound, &out);
  return out;
}

Fact<Conntrack> FactsReader::ReadConntrack() {
  const auto text = NetTable("stat/nf_conntrack");
  const auto stat = text ? ParseConntrackStat(*text) : std::nullopt;
  if (!stat) return Fact<Conntrack>::Unknown("connection tracking is not in use, or may not be read");
  Conntrack out;
  out.count = stat->entries;
  if (const auto most = ReadFile(proc_ + "/sys/net/netfilter/nf_conntrack_max")) {
    std::string_view rest = *most;
    out.max = NumberOf(TakeLine(&rest)).value_or(0);
  }
  if (conntrack_) out.dropped = Grown(conntrack_->dropped, stat->dropped);
  conntrack_ = stat;
  return out;
}

}  // namespace candor
