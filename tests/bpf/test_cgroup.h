// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>

namespace candor {

// A cgroup of the v2 tree, made for a test and removed with it.
class TestCgroup {
 public:
  explicit TestCgroup(const std::string& name);                   // ends the process when it cannot be made
  TestCgroup(const TestCgroup& parent, const std::string& name);  // below it; ends the process likewise
  ~TestCgroup();
  TestCgroup(const TestCgroup&) = delete;
  TestCgroup& operator=(const TestCgroup&) = delete;

  const std::string& path() const { return path_; }
  uint64_t id() const;  // as bpf_skb_cgroup_id gives it; 0: it has gone
  void Make() const;
  // False while processes or sockets' owners are in it.
  bool Remove() const;
  // Moves the calling process in; its sockets made from now on belong to it.
  void Enter() const;

 private:
  std::string path_;
};

// Runs `body` in a child process; its result is the child's exit code.
pid_t Fork(const std::function<int()>& body);
// The exit code; 255 for a child that died otherwise.
int Await(pid_t child);

}  // namespace candor
