// SPDX-License-Identifier: Apache-2.0
//
// A machine as files: procfs and one cgroup v2 tree, below a folder that goes with the object.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace candor {

class FakeMachine {
 public:
  FakeMachine() {
    char name[] = "/tmp/candor-test-XXXXXX";
    root_ = ::mkdtemp(name);
    Write("proc/self/mountinfo", "30 29 0:27 / " + cgroups() + " rw - cgroup2 cgroup2 rw\n");
    std::filesystem::create_directories(cgroups());
  }
  ~FakeMachine() { std::filesystem::remove_all(root_); }
  FakeMachine(const FakeMachine&) = delete;
  FakeMachine& operator=(const FakeMachine&) = delete;

  std::string proc() const { return root_ + "/proc"; }
  std::string cgroups() const { return root_ + "/cgroup"; }
  void Write(const std::string& path, const std::string& text) const {
    const std::filesystem::path file = root_ + "/" + path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  // A symbolic link to what is outside.
  void Link(const std::string& path, const std::string& to) const {
    std::filesystem::create_symlink(to, root_ + "/" + path);
  }
  off_t SizeOf(const std::string& path) const {
    struct stat about {};
    EXPECT_EQ(::stat((root_ + "/" + path).c_str(), &about), 0);
    return about.st_size;
  }
  void Remove(const std::string& path) const { std::filesystem::remove_all(root_ + "/" + path); }

  // Its id, as a socket has it.
  uint64_t Cgroup(const std::string& path, const std::string& procs) const {
    Write("cgroup" + path + "/cgroup.procs", procs);
    struct stat about {};
    EXPECT_EQ(::stat((cgroups() + path).c_str(), &about), 0);
    return about.st_ino;
  }
  // `start`: clock ticks since boot.
  void Process(int pid, const std::string& name, char state, uint64_t start) const {
    const std::string id = std::to_string(pid);
    const std::string stat = id + " (" + name + ") " + state + " 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " +
                             std::to_string(start) + " 0 0\n";
    Write("proc/" + id + "/stat", stat);
    Write("proc/" + id + "/task/" + id + "/stat", stat);
    Write("proc/" + id + "/limits",
          "Limit                     Soft Limit           Hard Limit           Units     \n"
          "Max open files            1024                 4096                 files     \n");
  }

 private:
  std::string root_;
};

}  // namespace candor
