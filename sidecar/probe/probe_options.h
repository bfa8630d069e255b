// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"
#include "probe/pins/pin_folder.h"

namespace candor {

// Options of the kernel source. Validated by config/; the kernel may refuse values. Values only: tested where
// used.
struct ProbeOptions {
  // "auto": the root of the cgroup v2 tree. Else an absolute path, or one relative to the cgroup2 mount.
  std::string cgroup = "auto";
  uint32_t flows_max = 65536;      // entries of the flow map, a candor_flow_slot and a key each
  uint32_t ring_bytes = 4u << 20;  // a power of two, at least one page; 320 bytes for each event
  uint16_t port_min = 0;           // followed local UDP ports, inclusive
  uint16_t port_max = 65535;
  Duration load_deadline = std::chrono::seconds(10);
  Duration check_interval = std::chrono::seconds(1);   // of counters, links and the cgroup's existence
  Duration sweep_interval = std::chrono::seconds(30);  // of counting open and evicted flows
  // A folder in a BPF file system for pins that outlive the process; empty: no pins.
  std::string pin;
  // That folder, opened before rights were given up; null: it is opened when needed.
  OpenedPinRoot pin_root;
  bool keep_pins = false;       // at a clean end too
  bool socket_evidence = true;  // read socket losses
  bool drop_reasons = true;     // count drops by reason, read the packets; needs socket_evidence
  bool session_counts = true;   // count accepted TCP connections; needs socket_evidence
  bool take_over = false;  // follow the candord that holds the pins until it ends, then take its objects over
  std::string proc = "/proc";  // mount point of proc
  std::string sys = "/sys";
};

}  // namespace candor
