// SPDX-License-Identifier: Apache-2.0
//
// The settings of steering; settings.h describes how they are visited.
// Tested in tests/config/steer_settings_test.cc.
#pragma once

#include "config/checks.h"
#include "steer/steer_options.h"

namespace candor::config {

template <class V>
void VisitSteerRedis(V& v, steer::RedisOptions& o) {
  v.List("redis", o.addresses, RedisAddress{},
         "HOST:PORT or unix:/path of LiveKit's Redis, of its Sentinels with sentinel; []: no steering");
  v.Field("sentinel", o.sentinel, Any{}, "name of the master, where Sentinels know it");
  v.Field("database", o.database, Between<uint32_t>{0, 1000000}, "number, as LiveKit's redis.db");
  v.Field("username", o.username, Any{}, "of a Redis ACL; empty: the default user");
  v.Field("password_file", o.password_file, FilePath{}, "file whose first line is the password; empty: none");
  v.Field("sentinel_username", o.sentinel_username, Any{}, "the same towards the Sentinels");
  v.Field("sentinel_password_file", o.sentinel_password_file, FilePath{}, "the same");
  v.Section("tls", "of the connections to Redis and its Sentinels; read at the start", [&](auto& in) {
    in.Field("enabled", o.tls, Any{}, "use TLS");
    in.Field("ca", o.tls_ca, FilePath{},
             "PEM file that the server's certificate must be of; empty: the system's");
    in.Field("certificate", o.tls_certificate, FilePath{},
             "PEM file of candord's own certificate; empty: none");
    in.Field("key", o.tls_key, FilePath{}, "PEM file of its private key");
    in.Field("name", o.tls_name, Any{}, "name in the server's certificate; empty: the host of its address");
  });
}

template <class V>
void VisitSteer(V& v, steer::SteerOptions& o) {
  v.Section(
      "steer", "keep new rooms away from a node that fails, in the cluster's own words", [&](auto& out) {
        out.Section(
            "livekit",
            "while the state is FAILING or DRAINING this node's row in LiveKit's Redis says SHUTTING_DOWN",
            [&](auto& in) {
              VisitSteerRedis(in, o.redis);
              in.Field("node_id", o.node_id, Any{}, "of this node (ND_...); empty: the row with its address");
              in.Field("node_ip", o.node_ip, Any{},
                       "address that LiveKit reports (rtc.node_ip); empty: the addresses of this machine");
              in.Field(
                  "rooms", o.rooms, Any{},
                  "that are kept away: new | all (also participants of rooms that the node has: these rooms "
                  "are split)");
              in.Field("min_serving_share", o.min_serving_share, Between<double>{0, 1},
                       "of the fresh nodes; candord does not steer where fewer would be left");
              in.Field("scope", o.scope, Any{},
                       "the nodes that count for it: region (of this node) | cluster");
            });
      });
}

}  // namespace candor::config
