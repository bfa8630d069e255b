// SPDX-License-Identifier: Apache-2.0
//
// Checks of single values beyond their type. Each returns what was expected, or nothing for a valid value.
// Tested in tests/config/parse_test.cc.
#pragma once

#include <optional>
#include <string>

#include "config/codec.h"

namespace candor::config {

using ValueError = std::optional<std::string>;  // "expected 1s to 2m, not 3m"

struct Any {
  template <class T>
  ValueError operator()(const T&) const {
    return std::nullopt;
  }
};

// Inclusive at both ends.
template <class T>
struct Between {
  T min, max;
  ValueError operator()(const T& v) const {
    if (v >= min && v <= max) return std::nullopt;
    return "expected " + Encode(min) + " to " + Encode(max) + ", not " + Encode(v);
  }
};
using Within = Between<Duration>;

struct CgroupPath {  // "auto" or an absolute path
  ValueError operator()(const std::string& v) const;
};
struct FilePath {  // empty or an absolute path
  ValueError operator()(const std::string& v) const;
};
struct AutoPath {  // "auto", "off" or an absolute path
  ValueError operator()(const std::string& v) const;
};
struct ServerName {  // a name that means nothing else in any interface
  ValueError operator()(const std::string& v) const;
};
struct HttpUrl {  // empty, or http(s)://HOST..., without credentials
  ValueError operator()(const std::string& v) const;
};
struct GrpcTarget {  // empty, HOST:PORT or unix:/path
  ValueError operator()(const std::string& v) const;
};
struct RedisAddress {  // HOST:PORT or unix:/path
  ValueError operator()(const std::string& v) const;
};
struct Nat64Prefix {  // IPv6, of a length that RFC 6052 section 2.2 allows
  ValueError operator()(const IpPrefix& v) const;
};
struct ListenAddress {  // HOST:PORT (0: any free port) or unix:/path
  ValueError operator()(const std::string& v) const;
};

}  // namespace candor::config
