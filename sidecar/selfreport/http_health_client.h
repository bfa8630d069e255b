// SPDX-License-Identifier: Apache-2.0
//
// The self-report over HTTP: GET; any 2xx is OK, any other final status DOWN ("HTTP 503"), none within the
// timeout UNREACHABLE with libcurl's words. Redirects are not followed: a node that sends us elsewhere has
// not said that it is well. The body is ignored and at most 64 KiB of it is read. No proxy, whatever the
// environment says.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "selfreport/health_client.h"

namespace candor {

// `url` is one that Validate() accepts. Fails only when libcurl cannot be set up.
Result<std::unique_ptr<HealthClient>> MakeHttpHealthClient(const std::string& url);

}  // namespace candor
