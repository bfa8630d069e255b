// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <string>

namespace candor {

// Captures the last lines that libbpf prints on this thread, from construction to destruction. libbpf has one
// print callback per process, which looks up the capture of its own thread; lines of threads without one are
// dropped. Not movable: the thread stores its address. At most one per thread.
class LibbpfLog {
 public:
  explicit LibbpfLog(size_t lines = 12);
  ~LibbpfLog();
  LibbpfLog(const LibbpfLog&) = delete;
  LibbpfLog& operator=(const LibbpfLog&) = delete;

  void Add(const std::string& text);
  // The captured lines joined by " | ".
  std::string Tail() const;

 private:
  size_t most_;
  std::deque<std::string> lines_;
};

}  // namespace candor
