// SPDX-License-Identifier: Apache-2.0
//
// A real Redis for one test, on a unix socket (and a port, for TLS) of its own. Needs Debian's redis-server.
#pragma once

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "steer/redis_connection.h"

namespace candor::steer {

class RedisServer {
 public:
  explicit RedisServer(std::vector<std::string> more = {}) {
    std::string name = "/tmp/candor-redis-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    std::vector<std::string> words = {
        "setpriv", "--pdeathsig", "KILL",  "redis-server", "--save", "",          "--appendonly",
        "no",      "--dir",       folder_, "--unixsocket", socket(), "--logfile", folder_ + "/log"};
    if (more.empty()) more = {"--port", "0"};
    words.insert(words.end(), more.begin(), more.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    if (::posix_spawn(&pid_, "/usr/bin/setpriv", nullptr, nullptr, argv.data(), environ) != 0) pid_ = 0;
    for (int i = 0; i < 500 && !Admin(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ~RedisServer() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    std::filesystem::remove_all(folder_);
  }
  std::string socket() const { return folder_ + "/redis.sock"; }
  std::string address() const { return "unix:" + socket(); }
  const std::string& folder() const { return folder_; }

  // A connection of the test's own; null: Redis does not answer.
  std::unique_ptr<RedisConnection> Admin() const {
    const Time deadline = MonotonicNow() + std::chrono::seconds(1);
    auto made = RedisConnection::Open(address(), nullptr, "", deadline);
    return made && (*made)->Call({"PING"}, deadline) ? std::move(*made) : nullptr;
  }

 private:
  std::string folder_;
  pid_t pid_ = 0;
};

}  // namespace candor::steer
