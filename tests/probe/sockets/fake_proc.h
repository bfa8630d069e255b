// SPDX-License-Identifier: Apache-2.0
//
// A /proc and a cgroup tree of plain files. Processes of one network namespace share one file, as they do in
// the kernel, by a hard link.
#pragma once

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "probe/sockets/udp_counters.h"

namespace candor {

class FakeProc {
 public:
  FakeProc() {
    std::filesystem::create_directories(proc());
    std::filesystem::create_directories(cgroup());
  }
  ~FakeProc() { std::filesystem::remove_all(root_); }
  FakeProc(const FakeProc&) = delete;
  FakeProc& operator=(const FakeProc&) = delete;

  std::string proc() const { return root_ + "/proc"; }
  std::string cgroup(const std::string& below = "") const { return root_ + "/cgroup" + below; }

  static void Write(const std::string& path, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
  }
  void Members(const std::string& pids, const std::string& below = "") const {
    Write(cgroup(below) + "/cgroup.procs", pids);
  }
  // Makes the process, or changes what its namespace has counted.
  void Counts(int pid, const UdpCounters& c) const {
    Write(Net(pid) + "/snmp",
          fmt::format("Ip: OutDiscards\nIp: {}\nUdp: InDatagrams OutDatagrams RcvbufErrors SndbufErrors "
                      "MemErrors\nUdp: {} {} {} {} {}\n",
                      c.out_discards, c.in, c.out, c.rcvbuf_errors, c.sndbuf_errors, c.mem_errors));
  }
  void Joins(int pid, int other) const {
    std::filesystem::create_directories(Net(pid));
    std::filesystem::create_hard_link(Net(other) + "/snmp", Net(pid) + "/snmp");
  }
  // What identifies its namespace to a BPF program (SocketReader::NamespaceInodes).
  uint32_t NamespaceInode(int pid) const {
    std::filesystem::create_directories(Net(pid) + "/stat");
    struct stat about {};
    return ::stat((Net(pid) + "/stat").c_str(), &about) == 0 ? static_cast<uint32_t>(about.st_ino) : 0;
  }
  void Ends(int pid) const { std::filesystem::remove_all(fmt::format("{}/{}", proc(), pid)); }
  std::string Net(int pid) const { return fmt::format("{}/{}/net", proc(), pid); }

 private:
  static std::string Fresh() {
    std::string name = std::filesystem::temp_directory_path() / "candor-proc-XXXXXX";
    return ::mkdtemp(name.data());
  }
  std::string root_ = Fresh();
};

}  // namespace candor
