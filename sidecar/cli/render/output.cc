// SPDX-License-Identifier: Apache-2.0
#include "cli/render/output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

namespace candor::cli {
namespace {

// The length of the escape sequence ESC [ ... m at `at`; 0: there is none.
size_t EscapeLength(std::string_view line, size_t at) {
  if (line[at] != '\x1b') return 0;
  const size_t end = line.find('m', at);
  return end == std::string_view::npos ? 0 : end - at + 1;
}

// The character at `at`: its bytes and columns.
struct Step {
  size_t bytes = 1;
  size_t columns = 1;
};
Step StepAt(std::string_view line, size_t at) {
  if (const size_t escape = EscapeLength(line, at); escape > 0) return {escape, 0};
  Step step;
  while (at + step.bytes < line.size() && (line[at + step.bytes] & '\xC0') == '\x80') ++step.bytes;
  return step;
}

size_t HangingIndent(std::string_view line, size_t width) {
  const size_t blanks = std::min(line.find_first_not_of(' '), line.size());
  const size_t farthest = width / 3;
  size_t indent = blanks, column = blanks, run = 0;
  for (size_t at = blanks; at < line.size() && column <= farthest;) {
    const Step step = StepAt(line, at);
    const bool blank = line[at] == ' ';
    if (step.columns > 0 && !blank && run >= 2) indent = column;
    if (step.columns > 0) run = blank ? run + 1 : 0;
    column += step.columns;
    at += step.bytes;
  }
  return indent <= width / 2 ? indent : 0;
}

// The bytes of the first piece of `line`: up to a blank after the indent, if there is one.
size_t PieceEnd(std::string_view line, size_t width) {
  const size_t first = std::min(line.find_first_not_of(' '), line.size());
  size_t column = 0, end = 0;
  for (size_t at = 0; at < line.size();) {
    const Step step = StepAt(line, at);
    if (line[at] == ' ' && at > first) {
      // The blank itself may be beyond the width.
      if (column <= width || end == 0) end = at;
      if (column > width) return end;
    }
    column += step.columns;
    at += step.bytes;
  }
  return column <= width || end == 0 ? line.size() : end;
}

}  // namespace

FdBuffer::FdBuffer(int fd) : fd_(fd) { setp(buffer_.data(), buffer_.data() + buffer_.size()); }
FdBuffer::~FdBuffer() { Drain(); }

bool FdBuffer::Drain() {
  const char* next = pbase();
  while (error_ == 0 && next != pptr()) {
    const ssize_t n = ::write(fd_, next, static_cast<size_t>(pptr() - next));
    if (n >= 0) {
      next += n;
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  return error_ == 0;
}

FdBuffer::int_type FdBuffer::overflow(int_type c) {
  if (!Drain()) return traits_type::eof();
  if (!traits_type::eq_int_type(c, traits_type::eof())) sputc(traits_type::to_char_type(c));
  return traits_type::not_eof(c);
}

int FdBuffer::sync() { return Drain() ? 0 : -1; }

std::string BreakLine(std::string_view line, size_t width) {
  if (width == 0) return std::string(line);
  const std::string indent(HangingIndent(line, width), ' ');
  std::string out, rest(line);
  for (;;) {
    const size_t end = PieceEnd(rest, width);
    const size_t next = rest.find_first_not_of(' ', end);
    if (next == std::string::npos) return out + rest.substr(0, end);
    out.append(rest, 0, rest.find_last_not_of(' ', end) + 1).append("\n");
    rest.replace(0, next, indent);
  }
}

WrappingBuffer::~WrappingBuffer() {
  if (!line_.empty()) Put(BreakLine(line_, width_));
}

bool WrappingBuffer::Put(std::string_view text) {
  return target_.sputn(text.data(), static_cast<std::streamsize>(text.size())) ==
         static_cast<std::streamsize>(text.size());
}

WrappingBuffer::int_type WrappingBuffer::overflow(int_type c) {
  if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
  const char byte = traits_type::to_char_type(c);
  if (byte != '\n') {
    line_ += byte;
    return c;
  }
  const bool ok = Put(BreakLine(line_, width_) + "\n");
  line_.clear();
  return ok ? c : traits_type::eof();
}

int WrappingBuffer::sync() { return target_.pubsync(); }

size_t TerminalWidth(int fd, std::string_view setting) {
  constexpr size_t kMost = 10'000;
  size_t columns = 0;
  const auto [end, error] = std::from_chars(setting.data(), setting.data() + setting.size(), columns);
  if (error == std::errc() && end == setting.data() + setting.size() && columns >= 1 && columns <= kMost) {
    return columns;
  }
  winsize size{};
  if (::isatty(fd) != 1) return 0;
  return ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace candor::cli
