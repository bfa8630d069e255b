// SPDX-License-Identifier: Apache-2.0
#include "config/config.h"
#include "config/path_prefix.h"
#include "config/settings.h"
#include "config/suggest.h"

namespace candor {
namespace {

// The visitor of settings.h that sets the one setting at `path`.
class Setter : public config::PathPrefix<Setter> {
 public:
  Setter(std::string_view path, const std::vector<std::string>& values) : path_(path), values_(values) {}

  template <class T, class Check>
  void Field(const char* name, T& out, const Check& check, const char* /*help*/) {
    if (!Here(name)) return;
    if (values_.size() != 1) return AddError("expected one value, not " + std::to_string(values_.size()));
    Read(values_.front(), out, check);
  }

  template <class T, class Check>
  void List(const char* name, std::vector<T>& out, const Check& check, const char* /*help*/) {
    if (!Here(name)) return;
    std::vector<T> all;
    for (const std::string& text : values_) {
      T value{};
      if (!Read(text, value, check)) return;
      all.push_back(std::move(value));
    }
    out = std::move(all);
  }

  template <class T, class Walk>
  void Items(const char* name, std::vector<T>& /*values*/, const char* /*help*/, const Walk& /*walk*/) {
    if (Here(name)) AddError("expected in the configuration file: it has several values for each entry");
  }

  Result<void> Finish() const {
    if (!found_) {
      const std::string near = config::Nearest(path_, paths_);
      return Fail("unknown setting '" + path_ + "'" + (near.empty() ? "" : "; did you mean " + near + "?"));
    }
    if (!error_.empty()) return Fail(error_);
    return {};
  }

 private:
  bool Here(const char* name) {
    paths_.push_back(PathOf(name));
    if (paths_.back() != path_) return false;
    found_ = true;
    return true;
  }

  void AddError(const std::string& message) { error_ = path_ + ": " + message; }

  template <class T, class Check>
  bool Read(const std::string& text, T& out, const Check& check) {
    T value{};
    auto done = config::Decode(text, value);
    const config::ValueError error = done ? check(value) : config::ValueError(done.error().message);
    if (error) {
      AddError(*error);
      return false;
    }
    out = std::move(value);
    return true;
  }

  std::string path_;
  const std::vector<std::string>& values_;
  std::vector<std::string> paths_;
  std::string error_;
  bool found_ = false;
};

}  // namespace

Result<void> SetSetting(Config& config, std::string_view path, const std::vector<std::string>& values) {
  Setter visitor(path, values);
  config::VisitSettings(visitor, config);
  config.judge.deadline = config.attempt.deadline;
  return visitor.Finish();
}

}  // namespace candor
