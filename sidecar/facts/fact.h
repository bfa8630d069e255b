// SPDX-License-Identifier: Apache-2.0
//
// A value that may not be known, with the reason why: never zero for unknown. Values only.
// Tested in tests/facts/local_facts_test.cc.
#pragma once

#include <string>
#include <utility>

namespace candor {

template <class T>
class Fact {
 public:
  Fact() = default;  // not known: it was not read yet
  Fact(T value) : value_(std::move(value)), unknown_() {}
  // "the kernel keeps no pressure figures"
  static Fact Unknown(std::string why) {
    Fact f;
    f.unknown_ = std::move(why);
    return f;
  }

  bool known() const { return unknown_.empty(); }
  const std::string& unknown() const { return unknown_; }  // why; empty: it is known
  // Only where known().
  const T& operator*() const { return value_; }
  const T* operator->() const { return &value_; }
  bool operator==(const Fact&) const = default;

 private:
  T value_{};
  std::string unknown_ = "it was not read yet";
};

}  // namespace candor
