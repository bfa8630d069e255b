// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <string>

namespace candor {

// Keeps the last lines that libbpf says on the thread that made this, while it lives. libbpf has one print
// callback for the whole process, so the callback looks up the capture of its own thread; lines of threads
// without one are dropped. Not movable: the thread holds its address. At most one for each thread.
class LibbpfLog {
 public:
  explicit LibbpfLog(size_t lines = 12);
  ~LibbpfLog();
  LibbpfLog(const LibbpfLog&) = delete;
  LibbpfLog& operator=(const LibbpfLog&) = delete;

  void Add(const std::string& text);
  // The kept lines joined by " | ".
  std::string Tail() const;

 private:
  size_t most_;
  std::deque<std::string> lines_;
};

}  // namespace candor
