// SPDX-License-Identifier: Apache-2.0
#include "web/http_session.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <cstdint>
#include <limits>

namespace candor::web {
namespace {

namespace http = boost::beast::http;

// RFC 9110 section 5.6.7.
std::string HttpDate(std::chrono::system_clock::time_point now) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S GMT}", fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
}

std::string_view View(boost::beast::string_view text) { return {text.data(), text.size()}; }

bool IsParseError(const Session::ErrorCode& error) {
  return error.category() == make_error_code(http::error::bad_target).category();
}

// The response to what is no request, or is too long.
Answer Refusal(const Session::ErrorCode& error, size_t max_header_bytes, Pages& pages) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return pages.Refuse(431, fmt::format("a request may have {} bytes before its body", max_header_bytes));
  }
  if (error == http::error::bad_version) {
    return pages.Refuse(505, "this port serves HTTP/1.0 and HTTP/1.1; gRPC has a port of its own");
  }
  return pages.Refuse(400, "not an HTTP request: " + error.message());
}

}  // namespace

// The parser checks its limit after a read: the buffer is one byte larger.
HttpSession::HttpSession(boost::asio::io_context& io, UniqueFd connection, ConnectionLimiter& limiter,
                         const WebOptions& options, Pages& pages)
    : Session(io, std::move(connection), limiter),
      options_(options),
      pages_(pages),
      buffer_(options.max_header_bytes + 1) {}

void HttpSession::OnStart() { ReadHeader(); }

// Between two requests the idle timeout applies; from the first byte of a request on, the request timeout.
void HttpSession::AwaitNext() {
  if (buffer_.size() > 0) return ReadHeader();
  stream_.expires_after(options_.idle_timeout);
  stream_.async_read_some(buffer_.prepare(1),
                          [this, self = shared_from_this()](const ErrorCode& error, size_t n) {
                            if (error) return;  // the idle timeout is not counted as one
                            buffer_.commit(n);
                            ReadHeader();
                          });
}

void HttpSession::ReadHeader() {
  parser_.emplace();
  // A body is never read, so it needs no limit. (boost::none for "no limit" forbids every body in
  // Boost 1.74.)
  parser_->body_limit(std::numeric_limits<uint64_t>::max());
  parser_->header_limit(static_cast<uint32_t>(options_.max_header_bytes));
  stream_.expires_after(options_.request_timeout);
  http::async_read_header(
      stream_, buffer_, *parser_,
      [this, self = shared_from_this()](const ErrorCode& error, size_t) { OnHeader(error); });
}

void HttpSession::OnHeader(const ErrorCode& error) {
  if (error == http::error::end_of_stream || error == http::error::partial_message) return;
  if (error && IsParseError(error)) return Send(Refusal(error, options_.max_header_bytes, pages_), false);
  if (Failed(error)) return;
  const auto& request = parser_->get();
  if (parser_->chunked() || parser_->content_length().value_or(0) > 0) {
    const bool reads = request.method() == http::verb::get || request.method() == http::verb::head;
    return Send(reads ? pages_.Refuse(413, "a request must not have a body")
                      : pages_.Respond(View(request.method_string()), View(request.target())),
                false);
  }
  Send(pages_.Respond(View(request.method_string()), View(request.target())), request.keep_alive());
}

void HttpSession::Send(Answer answer, bool keep_alive) {
  const bool head = parser_->is_header_done() && parser_->get().method() == http::verb::head;
  // HTTP/1.0 announces keep-alive in another way than 1.1.
  const unsigned version = parser_->is_header_done() && parser_->get().version() == 10 ? 10 : 11;
  response_ = Response(static_cast<http::status>(answer.status), version);
  response_.set(http::field::server, "candord");
  response_.set(http::field::date, HttpDate(std::chrono::system_clock::now()));
  response_.set(http::field::cache_control, "no-store");
  response_.set(http::field::content_type, answer.content_type);
  for (const auto& [name, value] : answer.headers) response_.insert(name, value);
  response_.content_length(answer.body.size());
  if (!head) response_.body() = std::move(answer.body);
  response_.keep_alive(keep_alive);
  stream_.expires_after(options_.write_timeout);
  http::async_write(stream_, response_,
                    [this, self = shared_from_this()](const ErrorCode& error, size_t) { OnSent(error); });
}

void HttpSession::OnSent(const ErrorCode& error) {
  if (Failed(error)) return;
  limiter_.MarkAnswered(this);
  if (response_.keep_alive()) {
    AwaitNext();
  } else {
    ShutDown();
  }
}

}  // namespace candor::web
