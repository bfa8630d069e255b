// SPDX-License-Identifier: Apache-2.0
#include "selfreport/self_report_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace candor {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

bool HasSpaceOrControl(std::string_view s) {
  return std::any_of(s.begin(), s.end(), [](char c) { return c >= 0 ? c <= ' ' || c == 0x7f : false; });
}

Result<void> CheckUrl(std::string_view url) {
  const size_t scheme = url.starts_with("http://") ? 7 : url.starts_with("https://") ? 8 : 0;
  const std::string_view rest = url.substr(scheme);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (scheme == 0 || authority.empty() || authority.front() == ':') {
    return Fail(
        fmt::format("self-report target '{}' is not a URL; expected one like http://127.0.0.1:7880/", url));
  }
  // The target is shown on every interface; a password in it would be too.
  if (authority.find('@') != std::string_view::npos) {
    return Fail("self-report target holds credentials, which every interface would show; remove them");
  }
  return {};
}

Result<void> CheckGrpcTarget(std::string_view target) {
  const bool unix_path = target.starts_with("unix:") && target.size() > 5;
  const bool dns = target.starts_with("dns:") && target.size() > 4;
  const size_t colon = target.rfind(':');
  const bool host_port = target.find("://") == std::string_view::npos && colon != std::string_view::npos &&
                         colon > 0 && colon + 1 < target.size();
  if (unix_path || dns || host_port) return {};
  return Fail(fmt::format(
      "self-report target '{}' is not a gRPC target; expected 127.0.0.1:50051 or unix:/run/node.sock",
      target));
}

Result<void> CheckRange(std::string_view what, Duration value, Duration low, Duration high) {
  if (value >= low && value <= high) return {};
  return Fail(fmt::format("self-report {} is {} s; expected {} s to {} s", what, Seconds(value), Seconds(low),
                          Seconds(high)));
}

Result<void> CheckTarget(const SelfReportOptions& o) {
  if (o.target.empty()) return Fail("self-report target is empty; expected a URL or a gRPC target");
  if (HasSpaceOrControl(o.target)) {
    return Fail("self-report target holds a space or a control character; expected a URL or a gRPC target");
  }
  return o.kind == SelfReportOptions::Kind::kHttp ? CheckUrl(o.target) : CheckGrpcTarget(o.target);
}

}  // namespace

Result<void> Validate(const SelfReportOptions& o) {
  if (o.kind == SelfReportOptions::Kind::kNone) {
    if (o.target.empty()) return {};
    return Fail(
        fmt::format("self-report target '{}' is set but its kind is none; expected http or grpc", o.target));
  }
  if (auto ok = CheckTarget(o); !ok) return ok;
  if (o.kind == SelfReportOptions::Kind::kHttp && !o.service.empty()) {
    return Fail("self-report service is set but its kind is http; only grpc has services");
  }
  if (auto ok = CheckRange("interval", o.interval, milliseconds(100), hours(1)); !ok) return ok;
  return CheckRange("timeout", o.timeout, milliseconds(10), seconds(60));
}

}  // namespace candor
