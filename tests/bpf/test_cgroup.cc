// SPDX-License-Identifier: Apache-2.0
#include "test_cgroup.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "probe/attach/cgroup_mount.h"

namespace candor {

TestCgroup::TestCgroup(const std::string& name) {
  const auto mount = ReadCgroupMount("/proc");
  if (!mount) {
    std::cerr << "cannot test on a real cgroup: " << mount.error().message << "\n";
    std::exit(1);
  }
  path_ = *mount + "/candor-test-" + std::to_string(::getpid()) + "-" + name;
  Make();
}

TestCgroup::TestCgroup(const TestCgroup& parent, const std::string& name) : path_(parent.path_ + "/" + name) {
  Make();
}

TestCgroup::~TestCgroup() { Remove(); }

void TestCgroup::Make() const {
  if (::mkdir(path_.c_str(), 0755) != 0) {
    std::perror(("mkdir " + path_).c_str());
    std::exit(1);
  }
}

bool TestCgroup::Remove() const { return ::rmdir(path_.c_str()) == 0; }

uint64_t TestCgroup::id() const {
  struct stat folder {};
  return ::stat(path_.c_str(), &folder) == 0 ? folder.st_ino : 0;
}

void TestCgroup::Enter() const {
  std::ofstream procs(path_ + "/cgroup.procs");
  procs << ::getpid() << std::flush;
  if (!procs) {
    std::cerr << "cannot enter " << path_ << "\n";
    ::_exit(254);
  }
}

pid_t Fork(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body());
  return child;
}

int Await(pid_t child) {
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

}  // namespace candor
