// SPDX-License-Identifier: Apache-2.0
#include "selfreport/metrics_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>

namespace candor {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsBlank(char c) { return c == ' ' || c == '\t'; }

// One line, read from left to right.
class Line {
 public:
  explicit Line(std::string_view text) : rest_(text) {}

  bool empty() const { return rest_.empty(); }
  bool At(char c) const { return !rest_.empty() && rest_.front() == c; }
  bool Take(char c) {
    if (!At(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // The number of blanks.
  size_t Blanks() {
    return Leading([](char c) { return IsBlank(c); }).size();
  }
  // Empty: there is no name here. Names of labels have no colon.
  std::string_view Name(bool colon) {
    if (rest_.empty() || IsDigit(rest_.front())) return {};
    return Leading([=](char c) { return IsLetter(c) || IsDigit(c) || (colon && c == ':'); });
  }
  std::string_view Word() {
    return Leading([](char c) { return !IsBlank(c); });
  }
  std::optional<std::string> Quoted();

 private:
  template <class Accept>
  std::string_view Leading(const Accept& accept) {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), accept);
    const std::string_view found = rest_.substr(0, static_cast<size_t>(end - rest_.begin()));
    rest_.remove_prefix(found.size());
    return found;
  }

  std::string_view rest_;
};

// "\\", "\"" and "\n" are the only escapes.
std::optional<std::string> Line::Quoted() {
  if (!Take('"')) return std::nullopt;
  std::string out;
  while (!rest_.empty()) {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (c == '"') return out;
    if (c != '\\') {
      out += c;
    } else if (Take('n')) {
      out += '\n';
    } else if (At('\\') || At('"')) {
      out += rest_.front();
      rest_.remove_prefix(1);
    } else {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

// Go's ParseFloat takes more (hexadecimal, underscores), which no exporter writes.
std::optional<double> Number(std::string_view word) {
  if (word.starts_with('+')) word.remove_prefix(1);
  if (word.empty() || word.starts_with('+')) return std::nullopt;
  if (word.find('(') != std::string_view::npos) return std::nullopt;  // from_chars takes "nan(x)"
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (end != word.data() + word.size()) return std::nullopt;
  // 1e999 is a number, and infinite for us; 1e-999 is 0. from_chars leaves `value` as it was and does not
  // tell them apart.
  if (error == std::errc::result_out_of_range) return std::strtod(std::string(word).c_str(), nullptr);
  if (error != std::errc()) return std::nullopt;
  return value;
}

bool Milliseconds(std::string_view word) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  return error == std::errc() && end == word.data() + word.size();
}

bool ReadLabels(Line* line, MetricSample* sample) {
  while (true) {
    line->Blanks();
    if (line->Take('}')) return true;
    const std::string_view name = line->Name(false);
    line->Blanks();
    if (name.empty() || !line->Take('=')) return false;
    line->Blanks();
    auto value = line->Quoted();
    if (!value) return false;
    sample->labels.emplace_back(name, std::move(*value));
    line->Blanks();
    if (!line->Take(',') && !line->At('}')) return false;
  }
}

// What is wrong; empty: nothing.
std::string_view ReadSample(std::string_view text, MetricSample* sample) {
  Line line(text);
  line.Blanks();
  sample->name = line.Name(true);
  if (sample->name.empty()) return "expected a name";
  size_t blanks = line.Blanks();
  if (line.Take('{')) {
    if (!ReadLabels(&line, sample)) return "expected labels like {name=\"value\"}";
    blanks = line.Blanks() + 1;
  }
  const auto value = Number(line.Word());
  if (blanks == 0 || !value) return "expected a number after the name";
  sample->value = *value;
  line.Blanks();
  if (!line.empty() && !Milliseconds(line.Word())) return "expected a time in milliseconds after the number";
  line.Blanks();
  return line.empty() ? "" : "expected the end of the line";
}

}  // namespace

const std::string* MetricSample::Label(std::string_view wanted) const {
  const auto found =
      std::find_if(labels.begin(), labels.end(), [&](const auto& l) { return l.first == wanted; });
  return found == labels.end() ? nullptr : &found->second;
}

Result<void> ReadMetrics(std::string_view text, const std::function<void(const MetricSample&)>& visit) {
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const auto first = std::find_if_not(line.begin(), line.end(), IsBlank);
    if (first == line.end() || *first == '#') continue;
    MetricSample sample;
    if (const auto wrong = ReadSample(line, &sample); !wrong.empty())
      return Fail(fmt::format("line {} of the metrics: {}", number, wrong));
    visit(sample);
  }
  return {};
}

}  // namespace candor
