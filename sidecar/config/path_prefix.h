// SPDX-License-Identifier: Apache-2.0
//
// The part of a visitor of settings.h that knows where it is: "limits." inside the section `limits`.
// Tested in tests/config/set_setting_test.cc.
#pragma once

#include <string>

namespace candor::config {

template <class Visitor>
class PathPrefix {
 public:
  template <class Walk>
  void Section(const char* name, const char* /*help*/, const Walk& walk) {
    const std::string outer = prefix_;
    prefix_ += std::string(name) + ".";
    walk(static_cast<Visitor&>(*this));
    prefix_ = outer;
  }

 protected:
  std::string PathOf(const char* name) const { return prefix_ + name; }

 private:
  std::string prefix_;
};

}  // namespace candor::config
