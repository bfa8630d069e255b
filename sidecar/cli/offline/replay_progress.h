// SPDX-License-Identifier: Apache-2.0
//
// A progress bar on a terminal, for long captures. One thread. Tested by tests/cli/offline/replay_test.cc.
#pragma once

#include <cstdint>
#include <ostream>

namespace candor::cli {

class ReplayProgress {
 public:
  // Draws nothing when `shown` is false or `total` bytes are less than 32 MiB (0: not known).
  ReplayProgress(std::ostream& err, bool shown, uint64_t total);
  ReplayProgress(const ReplayProgress&) = delete;
  ReplayProgress& operator=(const ReplayProgress&) = delete;
  ~ReplayProgress() { Clear(); }

  void Show(uint64_t read);  // bytes; draws at each full per cent
  void Clear();              // erases the bar; call it before other output

 private:
  std::ostream& err_;
  uint64_t total_;  // 0: not shown
  uint64_t percent_ = 0;
  bool drawn_ = false;
};

}  // namespace candor::cli
