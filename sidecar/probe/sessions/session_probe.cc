// SPDX-License-Identifier: Apache-2.0
#include "probe/sessions/session_probe.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "bpf/sessions.h"
#include "probe/load/capabilities.h"
#include "probe/load/deadline_task.h"
#include "probe/load/libbpf_log.h"
#include "sessions.skel.h"

namespace candor {
namespace {

struct FreeObject {
  void operator()(sessions_bpf* object) const { sessions_bpf__destroy(object); }
};
using Object = std::unique_ptr<sessions_bpf, FreeObject>;

candor_session_key KeyOf(const PortSessions& port) { return {port.cgroup_id, port.port, {}}; }

// The kernel adds entries and reads the namespaces concurrently.
class MappedSessions final : public SessionReader {
 public:
  explicit MappedSessions(Object object) : object_(std::move(object)) {}

  void Watch(const std::vector<uint32_t>& namespaces) override {
    for (size_t i = 0; i < CANDOR_SESSION_NAMESPACES; ++i) {
      __atomic_store_n(&shared().namespaces[i], i < namespaces.size() ? namespaces[i] : 0, __ATOMIC_RELAXED);
    }
  }

  // Two calls read all: the map has no more entries than the buffers.
  Result<Reading> Read() override {
    std::array<candor_session_key, CANDOR_SESSION_PORTS> keys{};
    std::array<uint64_t, CANDOR_SESSION_PORTS> counts{};
    candor_session_key cursor{};
    uint32_t size = CANDOR_SESSION_PORTS;
    const int rc = bpf_map_lookup_batch(fd(), nullptr, &cursor, keys.data(), counts.data(), &size, nullptr);
    if (rc != 0 && errno != ENOENT) return FailErrno("cannot read the accepted sessions", errno);
    Reading out;
    for (uint32_t i = 0; i < size; ++i) {
      out.ports.push_back({keys.at(i).cgroup_id, keys.at(i).port, counts.at(i)});
    }
    out.uncounted = __atomic_load_n(&shared().refused, __ATOMIC_RELAXED);
    return out;
  }

  void Remove(const PortSessions& port) override {
    const candor_session_key key = KeyOf(port);
    static_cast<void>(bpf_map_delete_elem(fd(), &key));  // it may be gone already
  }

 private:
  candor_sessions& shared() const { return object_->bss->candor_sessions; }
  int fd() const { return bpf_map__fd(object_->maps.accepted); }
  Object object_;
};

LoadedSessions None(std::string why) { return {nullptr, std::move(why)}; }

LoadedSessions Refused(int error, const LibbpfLog& log) {
  const auto missing = MissingCapabilities(OwnCapabilities());
  if (!missing.empty() && (error == EPERM || error == EACCES)) {
    return None(fmt::format("the kernel refused the program because the process lacks {}: grant it",
                            fmt::join(missing, ", ")));
  }
  return None(fmt::format("the kernel did not take the program ({}): {}", std::strerror(error), log.Tail()));
}

}  // namespace

LoadedSessions LoadSessionProbe() {
  const LibbpfLog log;
  Object object(sessions_bpf__open());
  int error = object ? -sessions_bpf__load(object.get()) : errno;
  if (error == 0) error = -sessions_bpf__attach(object.get());
  if (error != 0) return Refused(error, log);
  return {std::make_unique<MappedSessions>(std::move(object)), ""};
}

LoadedSessions AwaitSessionProbe(const ProbeOptions& options, Duration timeout, const Executor& run) {
  if (!options.session_counts) return None("switched off (session_counts: false)");
  if (!options.socket_evidence) return None("switched off (socket_evidence: false)");
  auto task = std::make_shared<DeadlineTask<LoadedSessions>>(&LoadSessionProbe, run);
  if (auto loaded = task->TakeWithin(timeout)) return std::move(*loaded);
  LoadedSessions none = None("loading the program has not returned yet");
  none.late = [task] { return task->TakeWithin({}); };
  return none;
}

}  // namespace candor
