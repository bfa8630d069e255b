// SPDX-License-Identifier: Apache-2.0
#include "selfreport/http_health_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>

namespace candor {
namespace {

constexpr size_t kBodyLimit = 64 * 1024;

struct EasyDeleter {
  void operator()(CURL* c) const { curl_easy_cleanup(c); }
};
struct MultiDeleter {
  void operator()(CURLM* c) const { curl_multi_cleanup(c); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;
using Multi = std::unique_ptr<CURLM, MultiDeleter>;

// Counts the body; answering less than it was given makes libcurl end the transfer.
size_t OnBody(char*, size_t size, size_t count, void* read) {
  auto& total = *static_cast<size_t*>(read);
  total += size * count;
  return total > kBodyLimit ? 0 : size * count;
}

class HttpHealthClient final : public HealthClient {
 public:
  HttpHealthClient(Easy easy, Multi multi) : multi_(std::move(multi)), easy_(std::move(easy)) {
    curl_easy_setopt(easy_.get(), CURLOPT_WRITEDATA, &body_read_);
    curl_easy_setopt(easy_.get(), CURLOPT_ERRORBUFFER, error_.data());
  }

  HealthCheckResult Check(Duration timeout) override {
    body_read_ = 0;
    error_[0] = '\0';
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(timeout).count();
    curl_easy_setopt(easy_.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<int64_t>(ms, 1)));
    if (const CURLMcode rc = curl_multi_add_handle(multi_.get(), easy_.get()); rc != CURLM_OK) {
      return {SelfAnswer::kUnreachable, curl_multi_strerror(rc)};
    }
    const CURLcode result = Drive();
    const HealthCheckResult answer = Read(result);
    curl_multi_remove_handle(multi_.get(), easy_.get());
    return answer;
  }

  void Cancel() override {
    cancelled_ = true;
    curl_multi_wakeup(multi_.get());  // the one call libcurl allows from another thread
  }

 private:
  // The multi interface, not curl_easy_perform: only this one can be woken while nothing arrives.
  CURLcode Drive() {
    int running = 1;
    while (!cancelled_) {
      if (curl_multi_perform(multi_.get(), &running) != CURLM_OK) return CURLE_FAILED_INIT;
      if (running == 0) break;
      if (curl_multi_poll(multi_.get(), nullptr, 0, 1000, nullptr) != CURLM_OK) return CURLE_FAILED_INIT;
    }
    if (cancelled_) return CURLE_ABORTED_BY_CALLBACK;
    int left = 0;
    const CURLMsg* m = curl_multi_info_read(multi_.get(), &left);
    return m != nullptr && m->msg == CURLMSG_DONE ? m->data.result : CURLE_FAILED_INIT;
  }

  // Once the body has begun, the status is final, even if the body is too long or too slow.
  HealthCheckResult Read(CURLcode result) const {
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status >= 200 && (result == CURLE_OK || body_read_ > 0)) {
      return {status < 300 ? SelfAnswer::kOk : SelfAnswer::kDown, "HTTP " + std::to_string(status)};
    }
    const bool has_error = error_[0] != '\0';
    return {SelfAnswer::kUnreachable, has_error ? error_.data() : curl_easy_strerror(result)};
  }

  Multi multi_;
  Easy easy_;  // after multi_, so that it is cleaned up first
  std::atomic<bool> cancelled_{false};
  size_t body_read_ = 0;
  std::array<char, CURL_ERROR_SIZE> error_{};
};

bool SetUp(CURL* c, const std::string& url) {
  bool ok = curl_easy_setopt(c, CURLOPT_URL, url.c_str()) == CURLE_OK;
  ok = ok && curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK;
  ok = ok && curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK;
  ok = ok && curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK;
  ok = ok && curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
  ok = ok && curl_easy_setopt(c, CURLOPT_USERAGENT, "candor/" CANDOR_VERSION) == CURLE_OK;
  // A name server that hangs must not hold the stop: do not wait for the resolver's thread.
  ok = ok && curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK;
  return ok && curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, OnBody) == CURLE_OK;
}

}  // namespace

Result<std::unique_ptr<HealthClient>> MakeHttpHealthClient(const std::string& url) {
  Easy easy(curl_easy_init());
  Multi multi(curl_multi_init());
  if (!easy || !multi || !SetUp(easy.get(), url)) {
    return Fail("cannot set libcurl up to ask '" + url + "'");
  }
  return std::make_unique<HttpHealthClient>(std::move(easy), std::move(multi));
}

}  // namespace candor
