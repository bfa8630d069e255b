// SPDX-License-Identifier: Apache-2.0
//
// The self-report over HTTP: GET; any 2xx is OK, any other final status DOWN ("HTTP 503"), none within the
// timeout UNREACHABLE with libcurl's message. Redirects are not followed: their target is not the node. The
// body is ignored, at most 64 KiB of it are read. Proxies of the environment are not used.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "selfreport/health_client.h"

namespace candor {

// `url` is one that Validate() accepts. Fails only when libcurl cannot be set up.
Result<std::unique_ptr<HealthClient>> MakeHttpHealthClient(const std::string& url);

}  // namespace candor
