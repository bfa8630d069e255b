// SPDX-License-Identifier: Apache-2.0
//
// A state that goes on at one level and off at a lower one. Pure value.
// Tested in tests/verdict/sequential_test_test.cc.
#pragma once

namespace candor {

class Hysteresis {
 public:
  // Where both hold it is on.
  void Update(bool on, bool off) { on_ = on || (on_ && !off); }
  void Reset() { on_ = false; }
  explicit operator bool() const { return on_; }

 private:
  bool on_ = false;
};

}  // namespace candor
