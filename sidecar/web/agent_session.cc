// SPDX-License-Identifier: Apache-2.0
#include "web/agent_session.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

namespace candor::web {

void AgentSession::OnStart() {
  stream_.expires_after(options_.write_timeout);
  boost::asio::async_write(stream_, boost::asio::buffer(line_),
                           [this, self = shared_from_this()](const ErrorCode& error, size_t) {
                             if (!Failed(error)) ShutDown();
                           });
}

}  // namespace candor::web
