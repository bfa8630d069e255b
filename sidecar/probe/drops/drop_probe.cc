// SPDX-License-Identifier: Apache-2.0
#include "probe/drops/drop_probe.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "bpf/drops.h"
#include "drops.skel.h"
#include "probe/drops/drop_rules.h"
#include "probe/drops/lost_ring.h"
#include "probe/load/capabilities.h"
#include "probe/load/deadline_task.h"
#include "probe/load/libbpf_log.h"

namespace candor {
namespace {

struct FreeObject {
  void operator()(drops_bpf* object) const { drops_bpf__destroy(object); }
};
using Object = std::unique_ptr<drops_bpf, FreeObject>;

struct FreeBtf {
  void operator()(btf* types) const { btf__free(types); }
};

// The kernel changes the counters and reads the namespaces concurrently: relaxed atomics.
class MappedDrops final : public DropReader {
 public:
  MappedDrops(Object object, std::unique_ptr<LostRing> ring)
      : object_(std::move(object)), ring_(std::move(ring)) {}

  void Watch(const std::vector<uint32_t>& namespaces) override {
    for (size_t i = 0; i < CANDOR_DROP_NAMESPACES; ++i) {
      __atomic_store_n(&shared().namespaces[i], i < namespaces.size() ? namespaces[i] : 0, __ATOMIC_RELAXED);
    }
  }

  Reading Read() const override {
    Reading r;
    for (size_t direction = 0; direction < r.sums.size(); ++direction) {
      for (size_t i = 0; i < CANDOR_DROP_MAX; ++i) {
        r.sums.at(direction).at(i) = __atomic_load_n(&shared().counts[direction][i], __ATOMIC_RELAXED);
      }
    }
    const auto load = [](const __u64& n) { return __atomic_load_n(&n, __ATOMIC_RELAXED); };
    r.unattributed = load(shared().unattributed);
    r.lost_read = load(shared().lost_read);
    r.lost_unread = load(shared().lost_beyond) + load(shared().lost_full);
    r.lost_cut = load(shared().lost_cut);
    return r;
  }
  size_t TakeLost(const LostSink& sink) override { return ring_->Take(sink); }

 private:
  candor_drops& shared() const { return object_->bss->candor_drops; }
  Object object_;
  std::unique_ptr<LostRing> ring_;  // of the object's map
};

// `why` and what replaces the reasons.
LoadedDrops None(const std::string& why) {
  return {nullptr, why + "; losses are counted from /proc/net/snmp, without their reasons", {}};
}

LoadedDrops Refused(int error, const LibbpfLog& log) {
  const auto missing = MissingCapabilities(OwnCapabilities());
  if (!missing.empty() && (error == EPERM || error == EACCES)) {
    return None(fmt::format("the kernel refused the program because the process lacks {}: grant it",
                            fmt::join(missing, ", ")));
  }
  return None(fmt::format("the kernel did not take the program ({}): {}", std::strerror(error), log.Tail()));
}

int LoadAndAttach(drops_bpf* object, const ProbeOptions& options, const DropRules& rules) {
  candor_drop_config& config = object->rodata->candor_drop_config;
  config.port_min = options.port_min;
  config.port_max = options.port_max;
  config.has_socket_argument = rules.has_socket_argument ? 1 : 0;
  std::copy(rules.rules.begin(), rules.rules.end(), config.rules);
  if (const int rc = drops_bpf__load(object); rc != 0) return -rc;
  return -drops_bpf__attach(object);
}

// The kernel's BTF takes megabytes: freed before libbpf reads it again.
Result<DropRules> RulesOfThisKernel() {
  const std::unique_ptr<btf, FreeBtf> kernel(btf__load_vmlinux_btf());
  if (!kernel) return FailErrno("the kernel's types (CONFIG_DEBUG_INFO_BTF=y) cannot be read", errno);
  return DropRulesOf(*kernel);
}

}  // namespace

LoadedDrops LoadDropProbe(const ProbeOptions& options) {
  const LibbpfLog log;
  const auto rules = RulesOfThisKernel();
  if (!rules) return None(rules.error().message);
  Object object(drops_bpf__open());
  const int error = object ? LoadAndAttach(object.get(), options, *rules) : errno;
  if (error != 0) return Refused(error, log);
  auto ring = LostRing::Open(bpf_map__fd(object->maps.lost));
  if (!ring) return None(ring.error().message);
  return {std::make_unique<MappedDrops>(std::move(object), std::move(*ring)), "", rules->unreported};
}

LoadedDrops AwaitDropProbe(const ProbeOptions& options, Duration timeout, const Executor& run) {
  if (!options.drop_reasons) return None("switched off (drop_reasons: false)");
  if (!options.socket_evidence) return {nullptr, "switched off (socket_evidence: false)", {}};
  auto task = std::make_shared<DeadlineTask<LoadedDrops>>([options] { return LoadDropProbe(options); }, run);
  if (auto loaded = task->TakeWithin(timeout)) return std::move(*loaded);
  LoadedDrops none = None("loading the program has not returned yet");
  none.late = [task] { return task->TakeWithin({}); };
  return none;
}

void Note(const DropReader::Reading& reading, Time now, DropEvidence* evidence) {
  ForEachDrop([&](candor_dir direction, candor_drop_reason reason) {
    const uint64_t before = evidence->sums.at(direction).at(reason);
    if (reading.sums.at(direction).at(reason) > before) evidence->last.at(direction).at(reason) = now;
  });
  evidence->sums = reading.sums;
  evidence->unattributed = reading.unattributed;
  evidence->lost_read = reading.lost_read;
  evidence->lost_unread = reading.lost_unread;
  evidence->lost_cut = reading.lost_cut;
}

}  // namespace candor
