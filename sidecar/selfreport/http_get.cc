// SPDX-License-Identifier: Apache-2.0
#include "selfreport/http_get.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>

namespace candor {
namespace {

struct EasyDeleter {
  void operator()(CURL* c) const { curl_easy_cleanup(c); }
};
struct MultiDeleter {
  void operator()(CURLM* c) const { curl_multi_cleanup(c); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;
using Multi = std::unique_ptr<CURLM, MultiDeleter>;

struct Body {
  size_t limit = 0;
  HttpAnswer* answer = nullptr;
};

// Answering less than it was given makes libcurl end the transfer.
size_t OnBody(char* data, size_t size, size_t count, void* into) {
  const auto& [limit, answer] = *static_cast<Body*>(into);
  const size_t room = limit - answer->body.size(), given = size * count;
  answer->begun = answer->begun || given > 0;
  answer->body.append(data, std::min(room, given));
  answer->cut = given > room;
  return answer->cut ? 0 : given;
}

class CurlGet final : public HttpGet {
 public:
  CurlGet(Easy easy, Multi multi, size_t limit)
      : multi_(std::move(multi)), easy_(std::move(easy)), limit_(limit) {
    curl_easy_setopt(easy_.get(), CURLOPT_ERRORBUFFER, error_.data());
  }

  HttpAnswer Get(Duration timeout) override {
    HttpAnswer answer;
    Body body{limit_, &answer};
    error_[0] = '\0';
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(timeout).count();
    curl_easy_setopt(easy_.get(), CURLOPT_WRITEDATA, &body);
    curl_easy_setopt(easy_.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<int64_t>(ms, 1)));
    if (const CURLMcode rc = curl_multi_add_handle(multi_.get(), easy_.get()); rc != CURLM_OK) {
      answer.error = curl_multi_strerror(rc);
      return answer;
    }
    const CURLcode result = Drive();
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &answer.status);
    curl_multi_remove_handle(multi_.get(), easy_.get());
    if (result != CURLE_OK) answer.error = error_[0] != '\0' ? error_.data() : curl_easy_strerror(result);
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

  Multi multi_;
  Easy easy_;  // after multi_, so that it is cleaned up first
  const size_t limit_;
  std::atomic<bool> cancelled_{false};
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

Result<std::unique_ptr<HttpGet>> MakeHttpGet(const std::string& url, size_t limit) {
  Easy easy(curl_easy_init());
  Multi multi(curl_multi_init());
  if (!easy || !multi || !SetUp(easy.get(), url)) {
    return Fail("cannot set libcurl up to ask '" + url + "'");
  }
  return std::make_unique<CurlGet>(std::move(easy), std::move(multi), limit);
}

}  // namespace candor
