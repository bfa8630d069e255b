// SPDX-License-Identifier: Apache-2.0
//
// A SnapshotStore behind real HTTP and agent ports on free ports of loopback.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>

#include "tests/status/snapshots.h"
#include "tests/web/client.h"
#include "web/web_server.h"

namespace candor::web {

class WebServerFixture : public testing::Test {
 protected:
  static WebOptions Options() {
    WebOptions o;
    o.http_listen = {"127.0.0.1:0"};
    o.agent_listen = {"127.0.0.1:0"};
    return o;
  }

  void SetUp() override { Open(Options()); }

  void Open(const WebOptions& options) {
    server_.reset();
    AboutProcess about;
    about.version = "1.2.3";
    about.since_tick = [this] { return Duration(tick_age_.load()); };
    auto started = WebServer::Start(options, snapshots_, std::move(about));
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
  }

  // The whole answer to one request, connection and all.
  std::string Ask(const std::string& request) const {
    const Client client(server_->http().front());
    return client.Send(request) ? client.ReadAll() : "(cannot send)";
  }
  std::string Get(const std::string& path) const {
    return Ask("GET " + path + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
  }
  std::string AskAgent() const { return Client(server_->agent().front()).ReadAll(); }

  // The value of a sample of /metrics, as text; empty when there is none.
  std::string Metric(const std::string& sample) const {
    const std::string all = Get("/metrics");
    const size_t at = all.find("\n" + sample + " ");
    if (at == std::string::npos) return {};
    const size_t from = at + sample.size() + 2;
    return all.substr(from, all.find('\n', from) - from);
  }

  SnapshotStore snapshots_;
  std::atomic<int64_t> tick_age_ = 0;  // nanoseconds
  std::unique_ptr<WebServer> server_;
};

}  // namespace candor::web
