// SPDX-License-Identifier: Apache-2.0
//
// GET of one URL, again and again. Redirects are not followed: their target is not the node. Proxies of the
// environment are not used. Tested in tests/selfreport/http_health_client_test.cc.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"

namespace candor {

struct HttpAnswer {
  long status = 0;     // the final one; 0: none
  bool begun = false;  // the body has begun, so that the status is final
  std::string body;    // at most the limit
  bool cut = false;    // there is more of it
  std::string error;   // libcurl's message; empty: the answer is complete
};

class HttpGet {
 public:
  virtual ~HttpGet() = default;
  // Blocks until the answer, `timeout` or Cancel(). By one thread only. After Cancel() the result has no
  // meaning.
  virtual HttpAnswer Get(Duration timeout) = 0;
  // From any thread: the call in progress and every later one return at once.
  virtual void Cancel() = 0;
};

// `url` is one that Validate() accepts; `limit`: of the body, in bytes. Fails only when libcurl cannot be set
// up.
Result<std::unique_ptr<HttpGet>> MakeHttpGet(const std::string& url, size_t limit);

}  // namespace candor
