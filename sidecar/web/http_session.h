// SPDX-License-Identifier: Apache-2.0
//
// HTTP/1.0 and 1.1 on one connection (RFC 9112), by Boost.Beast: one request after the other, each bounded in
// size and time, each answered before the next is read.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

#include "net/session.h"
#include "web/pages.h"

namespace candor::web {

class HttpSession final : public Session {
 public:
  // `pages` outlives the session.
  HttpSession(Socket socket, ConnectionLimiter& limiter, const WebOptions& options, Pages& pages);

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::empty_body>;
  using Response = boost::beast::http::response<boost::beast::http::string_body>;

  void OnStart() override;
  void AwaitNext();
  void ReadHeader();
  void OnHeader(const ErrorCode& error);
  void Send(Answer answer, bool keep_alive);
  void OnSent(const ErrorCode& error);

  Pages& pages_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  Response response_;
};

}  // namespace candor::web
