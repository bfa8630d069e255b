// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"
#include "probe/pins/pin_folder.h"

namespace candor {

// What the kernel source is told. Validated by config/; the kernel refuses what it cannot take.
struct ProbeOptions {
  // "auto": the root of the cgroup v2 tree. Else an absolute path, or one relative to the cgroup2 mount.
  std::string cgroup = "auto";
  uint32_t flows_max = 65536;      // entries of the flow map, 208 bytes each and their keys
  uint32_t ring_bytes = 4u << 20;  // a power of two, at least one page; 256 bytes for each event
  uint16_t port_min = 0;           // local UDP ports followed, inclusive
  uint16_t port_max = 65535;
  Duration load_deadline = std::chrono::seconds(10);
  Duration check_interval = std::chrono::seconds(1);   // counters, links and the cgroup's existence
  Duration sweep_interval = std::chrono::seconds(30);  // counting of open and evicted flows
  // A folder below a BPF file system for what outlives the process; empty: nothing does.
  std::string pin;
  // That folder, where it was opened before rights were given up; null: it is opened when it is needed.
  OpenedPinRoot pin_root;
  bool keep_pins = false;       // at a clean end as well
  bool socket_evidence = true;  // read what sockets lost; without it there is none, and Health() says so
  bool drop_reasons = true;     // count why; needs socket_evidence
  bool take_over = false;  // follow the candord that holds the pins until it ends, instead of loading anew
  std::string proc = "/proc";  // where proc is mounted
  std::string sys = "/sys";
};

}  // namespace candor
