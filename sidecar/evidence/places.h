// SPDX-License-Identifier: Apache-2.0
//
// Where an attempt stands, by its id: open addressing without an allocation for each, for ids come and go
// with every attempt. Grows to twice the number held, never shrinks. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace candor {

class Places {
 public:
  // nullptr: not there. Good until the next Insert() or Erase().
  uint64_t* Find(uint64_t id) {
    for (size_t i = Home(id);; i = Next(i)) {
      if (!slots_[i].taken) return nullptr;
      if (slots_[i].id == id) return &slots_[i].place;
    }
  }

  // False: `id` is there already, and stays where it is.
  bool Insert(uint64_t id, uint64_t place) {
    if (Find(id) != nullptr) return false;
    if (++held_ * 2 > slots_.size()) Grow();
    Put({id, place, true});
    return true;
  }

  void Erase(uint64_t id) {
    size_t hole = Home(id);
    while (slots_[hole].taken && slots_[hole].id != id) hole = Next(hole);
    if (!slots_[hole].taken) return;
    --held_;
    // Whoever would no longer be found behind the hole moves into it.
    for (size_t i = Next(hole); slots_[i].taken; i = Next(i)) {
      if (Distance(Home(slots_[i].id), i) < Distance(hole, i)) continue;
      slots_[hole] = slots_[i];
      hole = i;
    }
    slots_[hole].taken = false;
  }

  size_t size() const { return held_; }

 private:
  struct Slot {
    uint64_t id = 0, place = 0;
    bool taken = false;
  };
  // Fibonacci hashing: ids are given one after another, and whatever they are they spread.
  size_t Home(uint64_t id) const { return static_cast<size_t>((id * 0x9e3779b97f4a7c15ull) >> shift_); }
  size_t Next(size_t i) const { return (i + 1) & (slots_.size() - 1); }
  size_t Distance(size_t from, size_t to) const { return (to - from) & (slots_.size() - 1); }

  void Put(const Slot& s) {
    size_t i = Home(s.id);
    while (slots_[i].taken) i = Next(i);
    slots_[i] = s;
  }
  void Grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    --shift_;
    for (const Slot& s : old) {
      if (s.taken) Put(s);
    }
  }

  std::vector<Slot> slots_ = std::vector<Slot>(64);
  int shift_ = 58;  // 64 - log2 of the number of slots
  size_t held_ = 0;
};

}  // namespace candor
