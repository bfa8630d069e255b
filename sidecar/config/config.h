// SPDX-License-Identifier: Apache-2.0
//
// The configuration of candord: the Options of all components in one struct. Parses and prints YAML; does not
// read files. Pure.
// Tested in tests/config/parse_test.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "attempt/attempt_tracker.h"
#include "base/port_range.h"
#include "base/result.h"
#include "base/time.h"
#include "pipeline/server_options.h"
#include "probe/probe_options.h"
#include "selfreport/joins_poller.h"
#include "selfreport/self_report_options.h"
#include "serve/serve_options.h"
#include "status/effective_answer.h"
#include "steer/steer_options.h"
#include "verdict/judge_options.h"
#include "web/web_options.h"

namespace candor {

// "auto": BPF where it may be loaded, else a capture on every interface; "bpf"; "pcap:IFACE".
struct SourceChoice {
  enum class Kind : uint8_t { kAuto, kBpf, kPcap };
  Kind kind = Kind::kAuto;
  std::string interface = "any";  // of a capture
  bool operator==(const SourceChoice&) const = default;
};

struct SourceConfig {
  SourceChoice choice;
  std::string cgroup = "auto";  // a path, or "auto": the root of the cgroup v2 tree
  PortRange ports;              // local UDP ports
  uint32_t max_flows = ProbeOptions{}.flows_max;
  Duration load_deadline = ProbeOptions{}.load_deadline;
  std::string pin = "auto";  // a folder below a BPF file system, off, or auto: /sys/fs/bpf/candor
  bool keep_pins = false;    // at a clean stop as well
  bool socket_evidence = ProbeOptions{}.socket_evidence;
  bool drop_reasons = ProbeOptions{}.drop_reasons;
  bool session_counts = ProbeOptions{}.session_counts;
};

// Privileges of the process.
struct ProcessConfig {
  std::string user;      // that root changes to; empty: it does not
  bool reattach = true;  // keep CAP_NET_ADMIN, to attach the probes again
  bool seccomp = true;
};

// At most one of `http` and `grpc` is set; none: there is no self-report.
struct SelfReportConfig {
  std::string http;        // URL
  std::string grpc;        // HOST:PORT or unix:/path
  std::string service;     // of grpc.health.v1
  std::string prometheus;  // URL of LiveKit's metrics; empty: they are not read
  Duration interval = SelfReportOptions{}.interval;
  Duration timeout = SelfReportOptions{}.timeout;
  PushFrom push = PushFrom::kOff;
  Duration push_timeout = std::chrono::seconds(10);
};

// The program that is run at every transition.
struct HookConfig {
  std::vector<std::string> command;  // argv; empty: nothing
  Duration timeout = std::chrono::seconds(10);
};

struct LimitsConfig {
  uint32_t page = ServeOptions{}.largest_page;
  size_t watches = ServeOptions{}.watches;
  size_t watches_per_peer = ServeOptions{}.watches_per_peer;
  int request_bytes = ServeOptions{}.max_request_bytes;
  size_t lists = 1000;        // attempts, and flows, of a snapshot
  size_t transitions = 1000;  // history
};

enum class LogLevel : uint8_t { kTrace, kDebug, kInfo, kWarn, kError, kOff };

struct Config {
  SourceConfig source;
  ProcessConfig process;
  AttemptOptions attempt;
  JudgeOptions judge;  // its `deadline` always equals attempt.deadline
  ServersOptions servers;
  SelfReportConfig self_report;
  steer::SteerOptions steer;
  std::vector<std::string> listen_grpc = ServeOptions{}.grpc_listen;  // HOST:PORT or unix:/path
  web::WebOptions web;
  std::vector<std::string> listen_health_only;  // the same, grpc.health.v1 alone, plaintext
  std::string admin_socket = "auto";            // a path, off, or auto: the daemon finds a place
  Duration longest_override = ServeOptions{}.longest_override;
  TlsOptions tls;
  LimitsConfig limits;
  HookConfig on_transition;
  std::string state_file = "auto";  // a path, off, or auto: the daemon finds a place
  BlindPolicy blind_policy = BlindPolicy::kFollowSelf;
  LogLevel log_level = LogLevel::kInfo;
};

struct ConfigError {
  int line = 0;  // from 1; 0: the error belongs to no line
  int column = 0;
  std::string message;
  // "candor.yaml:3:5: message"
  std::string ToString(std::string_view file) const;
};

// Parses YAML. On failure: every error found, in order of line and column; never empty.
tl::expected<Config, std::vector<ConfigError>> ParseConfig(std::string_view yaml);

// Sets the setting at a dotted path ("self_report.http") from text, as a command-line flag does, with the
// same checks as the file. A list takes all `values`, any other setting exactly one.
Result<void> SetSetting(Config& config, std::string_view path, const std::vector<std::string>& values);

// Checks the rules between settings. Empty: no error.
std::vector<ConfigError> CheckConfig(const Config& config);

// YAML with every setting and what it means; parses back to the same Config.
std::string PrintConfig(const Config& config);

// Settings that differ, as "path: before -> after", by path, in the order of PrintConfig.
struct SettingChange {
  std::string path;
  std::string before, after;
};
std::vector<SettingChange> Differences(const Config& before, const Config& after);

// The options of single components. An admin socket "auto" or "off" is left empty: the daemon chooses the
// path.
ProbeOptions ProbeOptionsOf(const Config& config);
SelfReportOptions SelfReportOptionsOf(const Config& config);
JoinsPollerOptions JoinsPollerOptionsOf(const Config& config);
ServeOptions ServeOptionsOf(const Config& config);

}  // namespace candor
