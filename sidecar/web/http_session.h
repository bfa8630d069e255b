// SPDX-License-Identifier: Apache-2.0
//
// HTTP/1.0 and 1.1 on one connection (RFC 9112), with Boost.Beast. Each request is limited in size and time,
// and answered before the next is read. One thread, that of the io_context. Tested in
// tests/web/web_server_test.cc and tests/web/abuse_test.cc.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

#include "net/session.h"
#include "web/pages.h"
#include "web/web_options.h"

namespace candor::web {

class HttpSession final : public Session {
 public:
  // `options` and `pages` outlive the session.
  HttpSession(boost::asio::io_context& io, UniqueFd connection, ConnectionLimiter& limiter,
              const WebOptions& options, Pages& pages);

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::empty_body>;
  using Response = boost::beast::http::response<boost::beast::http::string_body>;

  void OnStart() override;
  void AwaitNext();
  void ReadHeader();
  void OnHeader(const ErrorCode& error);
  void Send(Answer answer, bool keep_alive);
  void OnSent(const ErrorCode& error);

  const WebOptions& options_;
  Pages& pages_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  Response response_;
};

}  // namespace candor::web
