// SPDX-License-Identifier: Apache-2.0
//
// The visitor of settings.h that reads a YAML map. Goes on after an error, to report all errors of a file at
// once, and records the place of each setting.
// Tested in tests/config/parse_test.cc.
#pragma once

#include <yaml-cpp/yaml.h>

#include <map>
#include <string>
#include <vector>

#include "config/checks.h"
#include "config/codec.h"
#include "config/config.h"

namespace candor::config {

// The result of reading besides the values.
struct Diagnostics {
  std::vector<ConfigError> errors;
  std::map<std::string, YAML::Mark> marks;  // by dotted path

  void Add(const YAML::Mark& at, std::string message);
};

class Reader {
 public:
  // `prefix` is empty at the top, "self_report." within that section.
  Reader(const YAML::Node& map, std::string prefix, Diagnostics& diagnostics);

  template <class T, class Check>
  void Field(const char* name, T& value, const Check& check, const char* /*help*/) {
    const Entry* entry = Take(name);
    if (entry != nullptr) Read(name, *entry, entry->value, value, check);
  }

  template <class T, class Check>
  void List(const char* name, std::vector<T>& values, const Check& check, const char* /*help*/) {
    const Entry* entry = Take(name);
    if (entry == nullptr || !ExpectList(name, *entry)) return;
    std::vector<T> all;
    for (const auto& item : entry->value) {
      T value{};
      if (Read(name, *entry, item, value, check)) all.push_back(std::move(value));
    }
    values = std::move(all);
  }

  template <class Walk>
  void Section(const char* name, const char* /*help*/, const Walk& walk) {
    const Entry* entry = Take(name);
    const YAML::Node nothing;
    const bool usable = entry != nullptr && ExpectMap(name, *entry);
    Reader inside(usable ? entry->value : nothing, prefix_ + name + ".", diagnostics_);
    walk(inside);
    inside.Finish();
  }

  template <class T, class Walk>
  void Items(const char* name, std::vector<T>& values, const char* /*help*/, const Walk& walk) {
    const Entry* entry = Take(name);
    if (entry == nullptr || !ExpectList(name, *entry)) return;
    values.clear();
    for (const auto& item : entry->value) {
      const std::string path = name + ("[" + std::to_string(values.size()) + "]");
      const Entry place{item.Mark(), item};
      if (!ExpectMap(path.c_str(), place)) continue;
      Reader inside(item, prefix_ + path + ".", diagnostics_);
      walk(inside, values.emplace_back());
      inside.Finish();
    }
  }

  // Call once, after all settings were visited: all other names are errors.
  void Finish();

 private:
  struct Entry {
    YAML::Mark key_mark;
    YAML::Node value;
  };

  const Entry* Take(const char* name);
  bool ExpectMap(const char* name, const Entry& entry);
  bool ExpectList(const char* name, const Entry& entry);
  bool ExpectScalar(const char* name, const Entry& entry, const YAML::Node& node);

  template <class T, class Check>
  bool Read(const char* name, const Entry& entry, const YAML::Node& node, T& out, const Check& check) {
    if (!ExpectScalar(name, entry, node)) return false;
    T value{};
    auto done = Decode(node.Scalar(), value);
    const ValueError error = done ? check(value) : ValueError(done.error().message);
    if (error) {
      diagnostics_.Add(node.Mark(), prefix_ + name + ": " + *error);
      return false;
    }
    out = std::move(value);
    return true;
  }

  std::string prefix_;
  Diagnostics& diagnostics_;
  std::map<std::string, Entry> entries_;
  std::vector<std::string> known_;
};

}  // namespace candor::config
