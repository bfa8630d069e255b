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
    const std::string message = "FDSTOREREMOVE=1\nFDNAME=" + pin.name;
    // If systemd misses it, the next candord gets the same descriptors again, and pins nothing twice.
    static_cast<void>(sd_notify(0, message.c_str()));
  }
  left_.clear();
}

void DescriptorStore::Keep(const KeptPins& pins) {
  for (const auto& [name, object] : pins) {
    const int fd = object.get();
    // FDPOLL=0: systemd would close a ring buffer that reports POLLHUP.
    const std::string message = "FDSTORE=1\nFDPOLL=0\nFDNAME=" + name;
    if (sd_pid_notify_with_fds(0, 0, message.c_str(), &fd, 1) <= 0) return;
  }
  // systemd cannot attribute a datagram to the unit once the process has ended.
  static_cast<void>(sd_notify_barrier(0, kBarrierMicros));
}

}  // namespace candor::daemon
