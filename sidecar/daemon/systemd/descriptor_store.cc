// SPDX-License-Identifier: Apache-2.0
#include "daemon/systemd/descriptor_store.h"

#include <systemd/sd-daemon.h>

#include <cstdint>
#include <cstdlib>
#include <string>

namespace candor::daemon {
namespace {

constexpr uint64_t kBarrierMicros = 150'000;

}  // namespace

DescriptorStore::DescriptorStore() {
  char** names = nullptr;
  const int count = sd_listen_fds_with_names(1, &names);
  for (int i = 0; i < count; ++i) {
    left_.push_back({names[i], UniqueFd(SD_LISTEN_FDS_START + i)});
    std::free(names[i]);
  }
  std::free(names);
}

void DescriptorStore::Forget() {
  for (const KeptPin& pin : left_) {
    const std::string words = "FDSTOREREMOVE=1\nFDNAME=" + pin.name;
    // A systemd that does not hear it gives the same again to the next candord, which pins nothing twice.
    static_cast<void>(sd_notify(0, words.c_str()));
  }
  left_.clear();
}

void DescriptorStore::Keep(const KeptPins& pins) {
  for (const auto& [name, object] : pins) {
    const int fd = object.get();
    // FDPOLL=0: systemd must not drop a ring because it looks hung up.
    const std::string words = "FDSTORE=1\nFDPOLL=0\nFDNAME=" + name;
    if (sd_pid_notify_with_fds(0, 0, words.c_str(), &fd, 1) <= 0) return;
  }
  // A datagram of a process that has ended may not be known as ours any more.
  static_cast<void>(sd_notify_barrier(0, kBarrierMicros));
}

}  // namespace candor::daemon
