// SPDX-License-Identifier: Apache-2.0
#include "probe/load/libbpf_log.h"

#include <bpf/libbpf.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <utility>

namespace candor {
namespace {

thread_local LibbpfLog* capture = nullptr;

int Print(libbpf_print_level level, const char* format, va_list args) noexcept {
  if (capture == nullptr || level == LIBBPF_DEBUG) return 0;
  // The verifier's log is one print of up to megabytes; its end has the reason.
  va_list measured;
  va_copy(measured, args);
  const int n = std::vsnprintf(nullptr, 0, format, measured);
  va_end(measured);
  if (n <= 0) return n;
  std::string line(static_cast<size_t>(n) + 1, '\0');
  std::vsnprintf(line.data(), line.size(), format, args);
  line.pop_back();
  capture->Add(line);
  return n;
}

}  // namespace

LibbpfLog::LibbpfLog(size_t lines) : most_(lines) {
  capture = this;
  libbpf_set_print(Print);
}

LibbpfLog::~LibbpfLog() { capture = nullptr; }

void LibbpfLog::Add(const std::string& text) {
  // A verifier log is one text of many lines.
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) lines_.push_back(text.substr(begin, end - begin));
    if (lines_.size() > most_) lines_.pop_front();
    begin = end + 1;
  }
}

std::string LibbpfLog::Tail() const {
  std::string out;
  for (const auto& line : lines_) out += (out.empty() ? "" : " | ") + line;
  return out;
}

}  // namespace candor
