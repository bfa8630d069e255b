// SPDX-License-Identifier: Apache-2.0
#include "config/reader.h"

#include <algorithm>

#include "config/suggest.h"

namespace candor::config {

void Diagnostics::Add(const YAML::Mark& at, std::string message) {
  errors.push_back(ConfigError{at.line + 1, at.column + 1, std::move(message)});
}

Reader::Reader(const YAML::Node& map, std::string prefix, Diagnostics& diagnostics)
    : prefix_(std::move(prefix)), diagnostics_(diagnostics) {
  for (const auto& pair : map) {
    const YAML::Mark mark = pair.first.Mark();
    if (!pair.first.IsScalar()) {
      diagnostics_.Add(mark, "expected the name of a setting here");
      continue;
    }
    // Of two equal keys yaml-cpp keeps both and returns the first.
    const auto [at, fresh] = entries_.emplace(pair.first.Scalar(), Entry{mark, pair.second});
    if (!fresh) {
      diagnostics_.Add(mark, prefix_ + at->first + " is already set on line " +
                                 std::to_string(at->second.key_mark.line + 1));
    }
  }
}

const Reader::Entry* Reader::Take(const char* name) {
  known_.emplace_back(name);
  const auto found = entries_.find(name);
  if (found == entries_.end()) return nullptr;
  diagnostics_.marks[prefix_ + name] = found->second.key_mark;
  return &found->second;
}

bool Reader::ExpectMap(const char* name, const Entry& entry) {
  if (entry.value.IsMap()) return true;
  diagnostics_.Add(entry.key_mark, prefix_ + name + ": expected settings below it, each as 'name: value'");
  return false;
}

bool Reader::ExpectList(const char* name, const Entry& entry) {
  if (entry.value.IsSequence()) return true;
  diagnostics_.Add(entry.key_mark, prefix_ + name + ": expected a list like [a, b]");
  return false;
}

bool Reader::ExpectScalar(const char* name, const Entry& entry, const YAML::Node& node) {
  if (node.IsScalar()) return true;
  // yaml-cpp gives an empty value no place.
  diagnostics_.Add(
      node.IsNull() ? entry.key_mark : node.Mark(),
      prefix_ + name +
          (node.IsNull() ? ": expected a value, or leave the line out" : ": expected one value"));
  return false;
}

void Reader::Finish() {
  for (const auto& [name, entry] : entries_) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    const std::string near = Nearest(name, known_);
    diagnostics_.Add(entry.key_mark,
                     "unknown setting '" + prefix_ + name + "'" +
                         (near.empty() ? std::string() : "; did you mean " + prefix_ + near + "?"));
  }
}

}  // namespace candor::config
