// SPDX-License-Identifier: Apache-2.0
//
// A bar on a terminal for captures that take a while. One thread.
#pragma once

#include <cstdint>
#include <ostream>

namespace candor::cli {

class ReplayProgress {
 public:
  // Nothing is drawn when `shown` is false, when `total` bytes are not known (0) or are read in a moment.
  ReplayProgress(std::ostream& err, bool shown, uint64_t total);
  ReplayProgress(const ReplayProgress&) = delete;
  ReplayProgress& operator=(const ReplayProgress&) = delete;
  ~ReplayProgress() { Clear(); }

  void Show(uint64_t read);  // bytes; draws on each new per cent only
  void Clear();              // leaves an empty line to whoever writes next

 private:
  std::ostream& err_;
  uint64_t total_;  // 0: not shown
  uint64_t percent_ = 0;
  bool drawn_ = false;
};

}  // namespace candor::cli
