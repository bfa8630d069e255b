// SPDX-License-Identifier: Apache-2.0
//
// The seeds of the fuzzers: inputs of every target made from real captures, written when the tests are built,
// so that the repository need not hold thousands of files. One thread.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "tests/packets/packets.h"

namespace candor::fuzz {

// Writes inputs as <folder>/<target>/<number>, each once.
class SeedFolder {
 public:
  explicit SeedFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void Add(std::string_view target, const Bytes& input);
  // Of all inputs with this signature only the first.
  void AddFirst(std::string_view target, const std::string& signature, const Bytes& input);
  size_t written() const { return written_; }

 private:
  std::filesystem::path folder_;
  std::map<std::string, std::set<std::string>, std::less<>> signatures_;
  std::map<std::string, std::set<Bytes>, std::less<>> inputs_;
  size_t written_ = 0;
};

// classify, stun, flow_step, tracker, ring and trace: from one capture of a node at 10.99.0.1. Returns false
// when it cannot be read.
bool SeedFromCapture(const std::string& path, SeedFolder* out);

// capture: the beginnings of this one, and its first packets in every other format and link layer.
bool SeedCaptureFormats(const std::string& path, SeedFolder* out);

// config: files with every kind of setting and of mistake.
void SeedConfig(SeedFolder* out);

// metrics: a recorded page, and its lines in other shapes.
void SeedMetrics(SeedFolder* out);

// row: of LiveKit nodes in Redis.
void SeedRows(SeedFolder* out);

}  // namespace candor::fuzz
