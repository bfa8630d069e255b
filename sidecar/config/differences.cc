// SPDX-License-Identifier: Apache-2.0
//
// Tested in tests/daemon/reload_test.cc.
#include <utility>

#include "config/config.h"
#include "config/path_prefix.h"
#include "config/settings.h"

namespace candor {
namespace {

// The visitor of settings.h that writes each setting beside its path.
class Flatten : public config::PathPrefix<Flatten> {
 public:
  template <class T, class Check>
  void Field(const char* name, const T& value, const Check& /*check*/, const char* /*help*/) {
    all.emplace_back(PathOf(name), config::Encode(value));
  }

  template <class T, class Check>
  void List(const char* name, const std::vector<T>& values, const Check& /*check*/, const char* /*help*/) {
    std::string text;
    for (const T& v : values) text += (text.empty() ? "" : ", ") + config::Encode(v);
    all.emplace_back(PathOf(name), "[" + text + "]");
  }

  template <class T, class Walk>
  void Items(const char* name, std::vector<T>& values, const char* /*help*/, const Walk& walk) {
    std::string text;
    for (T& value : values) {
      Flatten inside;
      walk(inside, value);
      std::string item;
      for (const auto& [key, v] : inside.all) item += (item.empty() ? "" : ", ") + key + ": " + v;
      text += (text.empty() ? "{" : ", {") + item + "}";
    }
    all.emplace_back(PathOf(name), "[" + text + "]");
  }

  std::vector<std::pair<std::string, std::string>> all;
};

}  // namespace

std::vector<SettingChange> Differences(const Config& before, const Config& after) {
  Config copies[] = {before, after};  // VisitSettings() takes mutable Configs, for reading
  Flatten was, is;
  config::VisitSettings(was, copies[0]);
  config::VisitSettings(is, copies[1]);
  std::vector<SettingChange> out;
  for (size_t i = 0; i < was.all.size(); ++i) {
    if (was.all[i].second == is.all[i].second) continue;
    out.push_back({was.all[i].first, was.all[i].second, is.all[i].second});
  }
  return out;
}

}  // namespace candor
