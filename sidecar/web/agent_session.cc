// SPDX-License-Identifier: Apache-2.0
#include "web/agent_session.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>
#include <chrono>

namespace candor::web {
namespace {

// HAProxy sends agent-send with its connection; a client without it waits this long for its line.
constexpr std::chrono::milliseconds kNameTimeout{200};

std::string_view FirstLine(std::string_view text) {
  text = text.substr(0, text.find_first_of("\r\n"));
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

void AgentSession::OnStart() {
  if (pages_.HasServers()) return AwaitName();
  Write({});
}

// The timer cancels the read, whose handler then answers: one operation reads at a time.
void AgentSession::AwaitName() {
  stream_.expires_never();
  wait_.expires_after(kNameTimeout);
  wait_.async_wait([this, self = shared_from_this()](const ErrorCode& error) {
    if (!error) stream_.cancel();
  });
  stream_.async_read_some(boost::asio::buffer(name_), [this, self = shared_from_this()](
                                                          const ErrorCode& error, size_t n) {
    wait_.cancel();
    const bool silent = error == boost::asio::error::operation_aborted || error == boost::asio::error::eof;
    if (error && !silent) return;
    Write(FirstLine({name_.data(), n}));
  });
}

void AgentSession::Write(std::string_view server) {
  line_ = pages_.AgentLine(server) + "\n";
  stream_.expires_after(options_.write_timeout);
  boost::asio::async_write(stream_, boost::asio::buffer(line_),
                           [this, self = shared_from_this()](const ErrorCode& error, size_t) {
                             if (!Failed(error)) ShutDown();
                           });
}

}  // namespace candor::web
