// SPDX-License-Identifier: Apache-2.0
#include "steer/redis_dialer.h"

#include <utility>

#include "base/host_port.h"
#include "base/read_file.h"

namespace candor::steer {
namespace {

// The first line of the file; empty for no file.
Result<std::string> ReadPassword(const std::string& path) {
  if (path.empty()) return std::string();
  auto text = ReadFile(path, size_t{1} << 20U);
  if (!text) return text;
  const size_t end = text->find_first_of("\r\n");
  if (end != std::string::npos) text->resize(end);
  if (text->empty()) return Fail("no password in " + path);
  return text;
}

std::string TlsNameOf(const std::string& address, const std::string& configured) {
  if (!configured.empty()) return configured;
  const auto parts = ParseHostPort(address);
  return parts ? std::string(parts->host) : "localhost";
}

}  // namespace

RedisDialer::RedisDialer(const RedisOptions& options, TlsContext tls, Login redis, Login sentinel)
    : options_(options), tls_(std::move(tls)), redis_(std::move(redis)), sentinel_(std::move(sentinel)) {}

Result<std::unique_ptr<RedisDialer>> RedisDialer::Make(const RedisOptions& o) {
  auto password = ReadPassword(o.password_file);
  if (!password) return tl::make_unexpected(password.error());
  auto of_sentinel = ReadPassword(o.sentinel_password_file);
  if (!of_sentinel) return tl::make_unexpected(of_sentinel.error());
  TlsContext tls;
  if (o.tls) {
    auto made = MakeTlsContext(o);
    if (!made) return tl::make_unexpected(made.error());
    tls = std::move(*made);
  }
  return std::unique_ptr<RedisDialer>(
      new RedisDialer(o, std::move(tls), {o.username, *password}, {o.sentinel_username, *of_sentinel}));
}

Result<std::unique_ptr<RedisConnection>> RedisDialer::Dial(Time deadline) {
  std::string address = options_.addresses.front();
  if (!options_.sentinel.empty()) {
    auto master = AskSentinels(deadline);
    if (!master) return tl::make_unexpected(master.error());
    address = std::move(*master);
  }
  auto made = Open(address, redis_, deadline);
  if (!made) return made;
  if (options_.database != 0) {
    const auto chosen = (*made)->Call({"SELECT", std::to_string(options_.database)}, deadline);
    if (!chosen) return tl::make_unexpected(chosen.error());
  }
  if (options_.sentinel.empty()) return made;
  // A Sentinel may still name the one that has just been demoted.
  const auto role = (*made)->Call({"ROLE"}, deadline);
  if (!role) return tl::make_unexpected(role.error());
  if (role->items.empty() || role->items.front().text != "master")
    return Fail("Redis at " + address + " is not the master that Sentinel says it is");
  return made;
}

Result<std::unique_ptr<RedisConnection>> RedisDialer::Open(const std::string& address, const Login& login,
                                                           Time deadline) {
  auto made = RedisConnection::Open(address, tls_.get(), TlsNameOf(address, options_.tls_name), deadline);
  if (!made || login.password.empty()) return made;
  std::vector<std::string> words = {"AUTH"};
  if (!login.username.empty()) words.push_back(login.username);
  words.push_back(login.password);
  if (const auto done = (*made)->Call(words, deadline); !done) {
    Error error = done.error();  // a server that does not know AUTH repeats what it was sent
    error.message.resize(std::min(error.message.size(), error.message.find(", with args")));
    return tl::make_unexpected(std::move(error));
  }
  return made;
}

Result<std::string> RedisDialer::AskSentinels(Time deadline) {
  std::string errors;
  for (size_t i = 0; i < options_.addresses.size(); ++i) {
    // One that does not answer leaves time for the others.
    const Time now = MonotonicNow();
    const Time share = now + (deadline - now) / static_cast<int64_t>(options_.addresses.size() - i + 1);
    auto master = AskSentinel(options_.addresses[i], share);
    if (master) return master;
    errors += (errors.empty() ? "" : "; ") + master.error().message;
  }
  return Fail("no Sentinel names a master: " + errors);
}

Result<std::string> RedisDialer::AskSentinel(const std::string& address, Time deadline) {
  auto made = Open(address, sentinel_, deadline);
  if (!made) return tl::make_unexpected(made.error());
  const auto reply = (*made)->Call({"SENTINEL", "GET-MASTER-ADDR-BY-NAME", options_.sentinel}, deadline);
  if (!reply) return tl::make_unexpected(reply.error());
  if (reply->items.size() != 2) return Fail(address + " does not know a master " + options_.sentinel);
  const std::string& host = reply->items[0].text;
  return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + reply->items[1].text;
}

}  // namespace candor::steer
