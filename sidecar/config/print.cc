// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "config/config.h"
#include "config/settings.h"

namespace candor {
namespace {

bool IsPlainChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '.' ||
         c == '_' || c == '-';
}

// Without quotes only where every YAML reader takes it for this text.
std::string Scalar(const std::string& text) {
  const bool plain = !text.empty() && text.front() != '-' && text != "null" && text != "Null" &&
                     text != "NULL" && std::all_of(text.begin(), text.end(), IsPlainChar);
  if (plain) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

// One section of a list, as "name: value, name: value".
struct FlowMap {
  template <class T, class Check>
  void Field(const char* name, const T& value, const Check& /*check*/, const char* /*help*/) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", name, Scalar(config::Encode(value)));
  }
  std::string text;
};

// The visitor of settings.h that prints.
class Printer {
 public:
  template <class T, class Check>
  void Field(const char* name, const T& value, const Check& /*check*/, const char* help) {
    Line(name, Scalar(config::Encode(value)), help);
  }

  template <class T, class Check>
  void List(const char* name, const std::vector<T>& values, const Check& /*check*/, const char* help) {
    std::string all;
    for (const T& v : values) all += (all.empty() ? "" : ", ") + Scalar(config::Encode(v));
    Line(name, "[" + all + "]", help);
  }

  template <class Walk>
  void Section(const char* name, const char* help, const Walk& walk) {
    text_ += fmt::format("{}# {}\n{}{}:\n", indent_, help, indent_, name);
    indent_ += "  ";
    walk(*this);
    indent_.resize(indent_.size() - 2);
  }

  template <class T, class Walk>
  void Items(const char* name, std::vector<T>& values, const char* help, const Walk& walk) {
    std::string all;
    for (T& value : values) {
      FlowMap item;
      walk(item, value);
      all += (all.empty() ? "{" : ", {") + item.text + "}";
    }
    Line(name, "[" + all + "]", help);
  }

  std::string text() && { return std::move(text_); }

 private:
  void Line(const char* name, const std::string& value, const char* help) {
    text_ += fmt::format("{}# {}\n{}{}: {}\n", indent_, help, indent_, name, value);
  }

  std::string text_;
  std::string indent_;
};

}  // namespace

std::string PrintConfig(const Config& config) {
  Config copy = config;  // VisitSettings() takes a mutable Config, for reading
  Printer printer;
  config::VisitSettings(printer, copy);
  return std::move(printer).text();
}

}  // namespace candor
