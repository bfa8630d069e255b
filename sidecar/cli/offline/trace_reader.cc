// SPDX-License-Identifier: Apache-2.0
#include "cli/offline/trace_reader.h"

#include <fmt/format.h>

#include "cli/offline/json_scanner.h"

namespace candor {
namespace {

using Kind = AttemptEvent::Kind;

constexpr double kTolerance = 1e-6;  // seconds of disorder
constexpr double kMaxSeconds = 1e9;  // 31 years; nanoseconds in 64 bits reach nine times as far

enum Field : uint32_t { kT = 1, kE = 2, kId = 4, kIp = 8, kWaitingOn = 16, kAlive = 32, kMedia = 64 };

uint32_t FieldNamed(std::string_view name) {
  if (name == "t") return kT;
  if (name == "e") return kE;
  if (name == "id") return kId;
  if (name == "ip") return kIp;
  if (name == "waiting_on") return kWaitingOn;
  if (name == "alive") return kAlive;
  if (name == "media") return kMedia;
  return 0;
}

bool KindNamed(std::string_view word, Kind* kind) {
  if (word == "attempt") return *kind = Kind::kOffered, true;
  if (word == "ack") return *kind = Kind::kAcknowledged, true;
  if (word == "active") return *kind = Kind::kActive, true;
  if (word == "media") return *kind = Kind::kMedia, true;
  if (word == "dead") return *kind = Kind::kDead, true;
  if (word == "close") return *kind = Kind::kClosed, true;
  return false;
}

bool ReadTime(JsonScanner* s, double* t) {
  if (!s->Number(t)) return false;
  return (*t >= 0 && *t <= kMaxSeconds) || s->Fail("\"t\" must be seconds from 0 to 1e9");
}

bool ReadKind(JsonScanner* s, Kind* kind) {
  std::string_view word;
  if (!s->String(&word)) return false;
  return KindNamed(word, kind) || s->Fail("\"e\" must be attempt, ack, active, media, dead or close");
}

bool ReadId(JsonScanner* s, uint64_t* id) {
  if (!s->Unsigned(id)) return false;
  return *id > 0 || s->Fail("\"id\" must be a positive integer");
}

bool ReadIp(JsonScanner* s, IpAddress* ip) {
  std::string_view word;
  if (!s->String(&word)) return false;
  const auto parsed = IpAddress::Parse(word);
  if (!parsed) return s->Fail("\"ip\": " + parsed.error().message);
  *ip = *parsed;
  return true;
}

bool ReadWaitingOn(JsonScanner* s, std::optional<WaitingOn>* waiting_on) {
  std::string_view word;
  if (!s->String(&word)) return false;
  for (const WaitingOn o : {WaitingOn::kNode, WaitingOn::kPeer, WaitingOn::kPath}) {
    if (word == Name(o)) return *waiting_on = o, true;
  }
  return s->Fail("\"waiting_on\" must be node, peer or path");
}

bool ReadAlive(JsonScanner* s, std::optional<bool>* alive) {
  bool value = false;
  if (!s->Bool(&value)) return false;
  *alive = value;
  return true;
}

uint8_t MediaNamed(std::string_view word) {
  if (word == "rtp_in") return kRtpIn;
  if (word == "rtp_out") return kRtpOut;
  if (word == "data_in") return kDataIn;
  return word == "data_out" ? kDataOut : 0;
}

// "none", or words of MediaNamed() with commas between.
bool ReadMedia(JsonScanner* s, std::optional<uint8_t>* media) {
  std::string_view words;
  if (!s->String(&words)) return false;
  media->emplace(0);
  if (words == "none") return true;
  for (size_t comma = 0;; words.remove_prefix(comma + 1)) {
    comma = words.find(',');
    const uint8_t bit = MediaNamed(words.substr(0, comma));
    if (bit == 0) return s->Fail("\"media\" must be none, or some of rtp_in, rtp_out, data_in and data_out");
    **media = static_cast<uint8_t>(**media | bit);
    if (comma == std::string_view::npos) return true;
  }
}

bool ReadField(JsonScanner* s, uint32_t field, TraceLine* out) {
  switch (field) {
    case kT:
      return ReadTime(s, &out->t);
    case kE:
      return ReadKind(s, &out->kind);
    case kId:
      return ReadId(s, &out->id);
    case kIp:
      return ReadIp(s, &out->ip);
    case kWaitingOn:
      return ReadWaitingOn(s, &out->waiting_on);
    case kMedia:
      return ReadMedia(s, &out->media);
    default:
      return ReadAlive(s, &out->alive);
  }
}

bool ReadMember(JsonScanner* s, uint32_t* seen, TraceLine* out) {
  std::string_view name;
  const size_t at = s->Mark();
  if (!s->String(&name)) return false;
  const uint32_t field = FieldNamed(name);
  if (field == 0) return s->FailAt(at, fmt::format("unknown field \"{}\"", name));
  if ((*seen & field) != 0) return s->FailAt(at, fmt::format("field \"{}\" appears twice", name));
  *seen |= field;
  return s->Expect(':') && ReadField(s, field, out);
}

bool Complete(JsonScanner* s, uint32_t seen, const TraceLine& line) {
  if ((seen & kT) == 0) return s->FailAt(0, "missing field \"t\"");
  if ((seen & kE) == 0) return s->FailAt(0, "missing field \"e\"");
  if ((seen & kId) == 0) return s->FailAt(0, "missing field \"id\"");
  if (line.kind == Kind::kMedia && (seen & kMedia) == 0) return s->FailAt(0, "missing field \"media\"");
  const bool attempt = line.kind == Kind::kOffered;
  if (attempt && (seen & kIp) == 0) return s->FailAt(0, "missing field \"ip\"");
  if (!attempt && (seen & kIp) != 0) return s->FailAt(0, "field \"ip\" belongs to attempts only");
  return true;
}

bool ReadObject(JsonScanner* s, TraceLine* out) {
  uint32_t seen = 0;
  if (!s->Expect('{')) return false;
  if (!s->Take('}')) {
    do {
      if (!ReadMember(s, &seen, out)) return false;
    } while (s->Take(','));
    if (!s->Expect('}')) return false;
  }
  return s->End() && Complete(s, seen, *out);
}

Phase PhaseOf(Kind kind) {
  if (kind == Kind::kOffered) return Phase::kOffered;
  // Media may come before both sides have sent some.
  return kind == Kind::kAcknowledged || kind == Kind::kMedia ? Phase::kAnswered : Phase::kActive;
}

AttemptHistories::Told Bit(Kind kind) {
  switch (kind) {
    case Kind::kOffered:
      return AttemptHistories::kOffered;
    case Kind::kAcknowledged:
      return AttemptHistories::kAcked;
    case Kind::kActive:
      return AttemptHistories::kActive;
    case Kind::kDead:
      return AttemptHistories::kDead;
    case Kind::kClosed:
      break;
    case Kind::kMedia:      // may be told again and again
    case Kind::kWaitingOn:  // not in a trace
      return AttemptHistories::kOffered;
  }
  return AttemptHistories::kClosed;
}

// Why `kind` cannot follow what was `told` of the attempt {}; nullptr: it can.
const char* Impossible(Kind kind, uint8_t told) {
  if (kind == Kind::kOffered) return told != 0 ? "a second attempt with id {}" : nullptr;
  if (told == 0) return "no attempt with id {} came before";
  if ((told & AttemptHistories::kClosed) != 0) return "attempt {} was closed before";
  if ((told & AttemptHistories::kDead) != 0 && kind != Kind::kClosed) return "attempt {} died before";
  if (kind == Kind::kAcknowledged) {
    if ((told & AttemptHistories::kActive) != 0) return "attempt {} was active before this ack";
    return (told & AttemptHistories::kAcked) != 0 ? "a second ack of attempt {}" : nullptr;
  }
  if (kind == Kind::kActive) {
    return (told & AttemptHistories::kActive) != 0 ? "attempt {} was active before" : nullptr;
  }
  const bool dead_unborn = kind == Kind::kDead && (told & AttemptHistories::kActive) == 0;
  return dead_unborn ? "attempt {} dies without having been active" : nullptr;
}

}  // namespace

Result<TraceLine> ParseTraceLine(std::string_view line) {
  JsonScanner scanner(line);
  TraceLine out;
  if (ReadObject(&scanner, &out)) return out;
  return Fail(fmt::format("column {}: {}", scanner.column(), scanner.error()));
}

uint8_t& AttemptHistories::Of(uint64_t id) {
  if (last_ == nullptr || last_number_ != id / kAttempts) {
    last_number_ = id / kAttempts;
    last_ = &blocks_[last_number_];  // values of an unordered_map stay where they are
  }
  return (*last_)[id % kAttempts];
}

tl::unexpected<Error> TraceReader::AtLine(const std::string& message) const {
  return Fail(fmt::format("line {}, {}", line_, message));
}

Result<std::optional<AttemptEvent>> TraceReader::Next() {
  if (!std::getline(in_, text_)) {
    if (in_.bad()) return AtLine("column 1: cannot read on");
    return std::optional<AttemptEvent>{};
  }
  ++line_;
  const auto line = ParseTraceLine(text_);
  if (!line) return AtLine(line.error().message);
  auto event = ToEvent(*line);
  if (!event) return AtLine("column 1: " + event.error().message);
  return std::optional<AttemptEvent>(*event);
}

Result<AttemptEvent> TraceReader::ToEvent(const TraceLine& line) {
  if (line.t < last_t_ - kTolerance) {
    return Fail(fmt::format("t = {} after t = {}: lines must be in order of time", line.t, last_t_));
  }
  last_t_ = std::max(last_t_, line.t);
  uint8_t& told = histories_.Of(line.id);
  if (const char* why = Impossible(line.kind, told)) return Fail(fmt::format(fmt::runtime(why), line.id));
  told = static_cast<uint8_t>(told | Bit(line.kind));
  AttemptEvent e;
  e.kind = line.kind;
  e.at = epoch_ + FromSeconds(line.t);
  e.id = line.id;
  e.peer = line.ip;
  e.phase = PhaseOf(line.kind);
  e.media_known = false;
  if (line.waiting_on || line.alive || line.media) {
    Known& known = known_[line.id];
    if (line.media) known.media = static_cast<uint8_t>(known.media.value_or(0) | *line.media);
    if (line.waiting_on) known.waiting_on = *line.waiting_on;
    if (line.alive) known.alive = line.alive;
  }
  if (const auto known = known_.find(line.id); known != known_.end()) {
    e.waiting_on = known->second.waiting_on;
    e.peer_alive = known->second.alive;
    e.media_known = known->second.media.has_value();
    e.media = known->second.media.value_or(0);
  }
  if (line.kind == Kind::kDead) e.outcome = Outcome::kEarlyDrop;
  if (line.kind == Kind::kClosed) e.outcome = Outcome::kLeft, known_.erase(line.id);
  return e;
}

}  // namespace candor
