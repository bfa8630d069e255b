// SPDX-License-Identifier: Apache-2.0
#include "selfreport/http_health_client.h"

#include <utility>

#include "selfreport/http_get.h"

namespace candor {
namespace {

constexpr size_t kBodyLimit = 64 * 1024;

class HttpHealthClient final : public HealthClient {
 public:
  explicit HttpHealthClient(std::unique_ptr<HttpGet> get) : get_(std::move(get)) {}

  // Once the body has begun, the status is final, even if the body is too long or too slow.
  HealthCheckResult Check(Duration timeout) override {
    HttpAnswer a = get_->Get(timeout);
    if (a.status >= 200 && (a.error.empty() || a.begun)) {
      return {a.status < 300 ? SelfAnswer::kOk : SelfAnswer::kDown, "HTTP " + std::to_string(a.status)};
    }
    return {SelfAnswer::kUnreachable, std::move(a.error)};
  }

  void Cancel() override { get_->Cancel(); }

 private:
  const std::unique_ptr<HttpGet> get_;
};

}  // namespace

Result<std::unique_ptr<HealthClient>> MakeHttpHealthClient(const std::string& url) {
  auto get = MakeHttpGet(url, kBodyLimit);
  if (!get) return tl::make_unexpected(get.error());
  return std::make_unique<HttpHealthClient>(std::move(*get));
}

}  // namespace candor
