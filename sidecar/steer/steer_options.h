// SPDX-License-Identifier: Apache-2.0
//
// The settings of steering (steer.livekit). Tested in tests/config/steer_settings_test.cc.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "steer/node_row.h"

namespace candor::steer {

// How Redis is reached. Files are read once, at the start.
struct RedisOptions {
  std::vector<std::string>
      addresses;         // HOST:PORT or unix:/path; empty: no steering. Of Sentinels, with `sentinel`
  std::string sentinel;  // name of the master; empty: `addresses` has one, of Redis itself
  uint32_t database = 0;
  std::string username;       // of an ACL; empty: the default user
  std::string password_file;  // empty: none
  std::string sentinel_username;
  std::string sentinel_password_file;
  bool tls = false;
  std::string tls_ca;           // PEM file; empty: the system's
  std::string tls_certificate;  // PEM files of the client's own; empty: none
  std::string tls_key;
  std::string tls_name;  // that the server's certificate must have; empty: the host of its address
};

// The nodes of which min_serving_share must serve.
enum class Scope : uint8_t { kRegion, kCluster };

struct SteerOptions {
  RedisOptions redis;
  std::string node_id;  // empty: found by address
  std::string node_ip;  // empty: the addresses of this machine's interfaces
  Scope scope = Scope::kRegion;
  Rooms rooms = Rooms::kNew;
  double min_serving_share = 0.7;  // 0 to 1

  bool enabled() const { return !redis.addresses.empty(); }
};

}  // namespace candor::steer
