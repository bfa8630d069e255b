// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/trace_line.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace candor {
namespace {

using Json = nlohmann::json;
using Kind = AttemptEvent::Kind;

constexpr double kMaxSeconds = 1e9;  // 31 years; nanoseconds in 64 bits reach nine times as far

constexpr std::pair<std::string_view, Kind> kKinds[] = {
    {"attempt", Kind::kOffered}, {"ack", Kind::kAcknowledged}, {"active", Kind::kActive},
    {"media", Kind::kMedia},     {"dead", Kind::kDead},        {"close", Kind::kClosed}};
constexpr std::pair<std::string_view, WaitingOn> kSides[] = {
    {"node", WaitingOn::kNode}, {"peer", WaitingOn::kPeer}, {"path", WaitingOn::kPath}};
constexpr std::pair<std::string_view, uint8_t> kMediaBits[] = {
    {"rtp_in", kRtpIn}, {"rtp_out", kRtpOut}, {"data_in", kDataIn}, {"data_out", kDataOut}};

std::string_view TextOf(const Json& v) {
  return v.is_string() ? std::string_view(v.get_ref<const std::string&>()) : std::string_view();
}

template <class Table, class Value>
bool Find(const Table& table, std::string_view word, Value* out) {
  for (const auto& [name, value] : table) {
    if (name == word) return *out = value, true;
  }
  return false;
}

bool ReadTime(const Json& v, TraceLine* out) {
  if (!v.is_number()) return false;
  out->t = v.get<double>();
  return out->t >= 0 && out->t <= kMaxSeconds;
}

bool ReadId(const Json& v, TraceLine* out) {
  if (!v.is_number_unsigned()) return false;
  out->id = v.get<uint64_t>();
  return out->id > 0;
}

bool ReadIp(const Json& v, TraceLine* out) {
  const auto ip = IpAddress::Parse(TextOf(v));
  if (ip) out->ip = *ip;
  return ip.has_value();
}

bool ReadAlive(const Json& v, TraceLine* out) {
  if (v.is_boolean()) out->alive = v.get<bool>();
  return v.is_boolean();
}

bool ReadMedia(const Json& v, TraceLine* out) {
  std::string_view words = TextOf(v);
  uint8_t& media = out->media.emplace(0);
  if (words == "none") return true;
  for (size_t comma = 0;; words.remove_prefix(comma + 1)) {
    comma = words.find(',');
    uint8_t bit = 0;
    if (!Find(kMediaBits, words.substr(0, comma), &bit)) return false;
    media = static_cast<uint8_t>(media | bit);
    if (comma == std::string_view::npos) return true;
  }
}

bool ReadLost(const Json& v, TraceLine* out) {
  const std::string_view text = TextOf(v);
  out->lost = text == "none" ? LostReason{} : ParseLostReason(text);
  return out->lost.has_value();
}

struct Field {
  std::string_view name;
  bool (*read)(const Json& value, TraceLine* out);  // false: `value` is not what it must be
  const char* must_be;
};
constexpr size_t kT = 0, kE = 1, kId = 2, kIp = 3, kMedia = 4;
constexpr std::array<Field, 8> kFields = {{
    {"t", ReadTime, "seconds from 0 to 1e9"},
    {"e", [](const Json& v, TraceLine* out) { return Find(kKinds, TextOf(v), &out->kind); },
     "attempt, ack, active, media, dead or close"},
    {"id", ReadId, "a positive integer of 64 bits"},
    {"ip", ReadIp, "an IPv4 or IPv6 address"},
    {"media", ReadMedia, "none, or some of rtp_in, rtp_out, data_in and data_out"},
    {"waiting_on", [](const Json& v, TraceLine* out) { return Find(kSides, TextOf(v), &out->waiting_on); },
     "node, peer or path"},
    {"alive", ReadAlive, "true or false"},
    {"lost", ReadLost, "none, or a drop reason and a direction, such as \"netfilter in\""},
}};

// Steps through a line and reports how far the parser has read: SAX events carry no position.
struct ReadPosition {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  reference operator*() const { return text[at]; }
  ReadPosition& operator++() { return *read = ++at, *this; }
  bool operator==(const ReadPosition& other) const { return at == other.at; }

  std::string_view text;
  size_t at;
  size_t* read;  // bytes taken; behind a number one more than its own
};

class LineHandler : public Json::json_sax_t {
 public:
  explicit LineHandler(std::string_view text) : text_(text) {}

  Result<TraceLine> Parse() {
    const ReadPosition begin{text_, 0, &read_}, end{text_, text_.size(), &read_};
    if (Json::sax_parse(begin, end, this) && Complete()) return line_;
    return Fail(fmt::format("column {}: {}", error_column_, error_));
  }

  bool null() override { return Value({}); }
  bool boolean(bool v) override { return Value(v); }
  bool number_integer(int64_t v) override { return Value(v); }
  bool number_unsigned(uint64_t v) override { return Value(v); }
  bool number_float(double v, const std::string&) override { return Value(v); }
  bool string(std::string& v) override { return Value(std::move(v)); }
  bool binary(Json::binary_t&) override { return Value({}); }
  bool start_object(size_t) override { return open_ ? Value({}) : (open_ = true); }
  bool end_object() override { return true; }
  bool start_array(size_t) override { return Value({}); }
  bool end_array() override { return true; }
  bool key(std::string& name) override;
  bool parse_error(size_t position, const std::string&, const Json::exception& e) override;

 private:
  bool Value(const Json& value);
  bool Complete();
  bool FailAt(size_t column, std::string message) {
    error_column_ = column;
    error_ = std::move(message);
    return false;
  }
  // The column of the token that begins behind `from` and characters of `between`.
  size_t ColumnBehind(size_t from, const char* between) const {
    return text_.find_first_not_of(between, from) + 1;
  }

  std::string_view text_;
  TraceLine line_;
  bool open_ = false;                        // the object has begun
  size_t read_ = 0;                          // bytes that the parser has read
  size_t key_end_ = 0, value_end_ = 0;       // as of the last one
  size_t field_ = 0;                         // of kFields
  std::array<bool, kFields.size()> seen_{};  // fields of the line
  size_t error_column_ = 1;
  std::string error_;
};

bool LineHandler::key(std::string& name) {
  const size_t column = ColumnBehind(value_end_, " \t\r\n{,");
  key_end_ = read_;
  for (field_ = 0; field_ < kFields.size() && kFields[field_].name != name;) ++field_;
  if (field_ == kFields.size()) return FailAt(column, fmt::format("unknown field \"{}\"", name));
  if (seen_[field_]) return FailAt(column, fmt::format("field \"{}\" appears twice", name));
  return seen_[field_] = true;
}

bool LineHandler::Value(const Json& value) {
  const size_t column = ColumnBehind(key_end_, " \t\r\n:");
  value_end_ = read_;
  if (!open_) return FailAt(column, "expected a JSON object");
  const Field& field = kFields[field_];
  return field.read(value, &line_) ||
         FailAt(column, fmt::format("\"{}\" must be {}", field.name, field.must_be));
}

// Without the library's own prefixes: "[json.exception.NAME.N] parse error at line 1, column N: ".
bool LineHandler::parse_error(size_t position, const std::string&, const Json::exception& e) {
  std::string_view what = e.what();
  if (const size_t name = what.find("] "); name != std::string_view::npos) what.remove_prefix(name + 2);
  if (what.starts_with("parse error")) what.remove_prefix(std::min(what.size(), what.find(": ") + 2));
  return FailAt(std::max<size_t>(position, 1), std::string(what));
}

bool LineHandler::Complete() {
  const bool attempt = line_.kind == Kind::kOffered;
  for (const size_t f : {kT, kE, kId, kIp, kMedia}) {
    const bool needed = f < kIp || (f == kIp ? attempt : line_.kind == Kind::kMedia);
    if (needed && !seen_[f]) return FailAt(1, fmt::format("missing field \"{}\"", kFields[f].name));
  }
  return attempt || !seen_[kIp] || FailAt(1, "field \"ip\" belongs to attempts only");
}

}  // namespace

Result<TraceLine> ParseTraceLine(std::string_view line) { return LineHandler(line).Parse(); }

}  // namespace candor
