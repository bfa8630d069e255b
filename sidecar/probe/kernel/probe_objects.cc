// SPDX-License-Identifier: Apache-2.0
#include "probe/kernel/probe_objects.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <utility>

#include "base/fnv1a.h"
#include "bpf/abi.h"
#include "flow.skel.h"
#include "probe/probe_options.h"

namespace candor {
namespace {

constexpr const char* kIngress = "candor_ingress";
constexpr const char* kEgress = "candor_egress";

// Collects descriptors and the first failure.
class Gatherer {
 public:
  void Take(UniqueFd* into, int fd, const std::string& what) {
    into->Reset(fd);
    if (fd < 0 && failed_) failed_ = FailErrno("cannot open " + what, errno);
  }
  Result<void> failed() const { return failed_; }

 private:
  Result<void> failed_{};
};

int Copy(int fd) { return ::fcntl(fd, F_DUPFD_CLOEXEC, 3); }
int Get(const std::string& path) { return bpf_obj_get(path.c_str()); }

template <class F>
void ForEachMap(const flow_bpf& object, const F& visit) {
  bpf_map* map = nullptr;
  bpf_object__for_each_map(map, object.obj) {
    if (!bpf_map__is_internal(map)) visit(map);
  }
}

Result<void> Pin(int fd, const std::string& path) {
  ::unlink(path.c_str());
  if (bpf_obj_pin(fd, path.c_str()) != 0) return FailErrno("cannot pin " + path, errno);
  return {};
}

}  // namespace

Result<ProbeObjects> ProbeObjects::Of(const flow_bpf& loaded) {
  ProbeObjects o;
  Gatherer gather;
  gather.Take(&o.flows, Copy(bpf_map__fd(loaded.maps.flows)), "the flow map");
  gather.Take(&o.events, Copy(bpf_map__fd(loaded.maps.events)), "the event ring");
  gather.Take(&o.cpus, Copy(bpf_map__fd(loaded.maps.cpus)), "the counters");
  gather.Take(&o.ingress, Copy(bpf_program__fd(loaded.progs.candor_ingress)), "the ingress program");
  gather.Take(&o.egress, Copy(bpf_program__fd(loaded.progs.candor_egress)), "the egress program");
  if (auto failed = gather.failed(); !failed) return tl::make_unexpected(failed.error());
  return o;
}

Result<ProbeObjects> ProbeObjects::Pinned(const std::string& folder) {
  ProbeObjects o;
  Gatherer gather;
  const std::pair<UniqueFd*, const char*> all[] = {{&o.flows, "flows"},
                                                   {&o.events, "events"},
                                                   {&o.cpus, "cpus"},
                                                   {&o.ingress, kIngress},
                                                   {&o.egress, kEgress}};
  for (const auto& [into, name] : all) {
    const std::string path = folder + "/" + name;
    gather.Take(into, Get(path), path);
  }
  if (auto failed = gather.failed(); !failed) return tl::make_unexpected(failed.error());
  return o;
}

ObjectVersion VersionOf(const flow_bpf& opened, const ProbeOptions& options) {
  ObjectVersion v;
  v.abi = CANDOR_ABI_VERSION;
  v.layout = kFnv32Basis;
  ForEachMap(opened, [&](const bpf_map* map) {
    v.layout =
        Fnv1a32(fmt::format("{} {} {} {} {} {};", bpf_map__name(map), static_cast<int>(bpf_map__type(map)),
                            bpf_map__key_size(map), bpf_map__value_size(map), bpf_map__max_entries(map),
                            bpf_map__map_flags(map)),
                v.layout);
  });
  size_t size = 0;
  const void* code = flow_bpf::elf_bytes(&size);
  v.program = Fnv1a32({static_cast<const char*>(code), size});
  v.program = Fnv1a32(fmt::format("{} {}", options.port_min, options.port_max), v.program);
  return v;
}

Result<void> PinObjects(const flow_bpf& loaded, const std::string& folder) {
  Result<void> done;
  ForEachMap(loaded, [&](const bpf_map* map) {
    const std::string path = folder + "/" + bpf_map__name(map);
    // Maps that were opened from this folder are pinned already.
    if (done && ::access(path.c_str(), F_OK) != 0) done = Pin(bpf_map__fd(map), path);
  });
  if (done) done = Pin(bpf_program__fd(loaded.progs.candor_ingress), folder + "/" + kIngress);
  if (done) done = Pin(bpf_program__fd(loaded.progs.candor_egress), folder + "/" + kEgress);
  return done;
}

Result<void> UsePinnedMaps(flow_bpf& opened, const std::string& folder) {
  Result<void> done;
  ForEachMap(opened, [&](bpf_map* map) {
    const UniqueFd fd(Get(folder + "/" + bpf_map__name(map)));
    if (done && !fd)
      done = FailErrno("cannot open the pinned map " + folder + "/" + bpf_map__name(map), errno);
    if (!done) return;
    // libbpf takes a copy of the descriptor.
    if (const int rc = bpf_map__reuse_fd(map, fd.get()); rc != 0) {
      done = FailErrno(std::string("cannot use the pinned map ") + bpf_map__name(map), -rc);
    }
  });
  return done;
}

}  // namespace candor
