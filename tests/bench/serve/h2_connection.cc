// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/serve/h2_connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace candor::bench {
namespace {

constexpr uint8_t kData = 0, kHeaders = 1, kSettings = 4, kPing = 6, kWindowUpdate = 8;
constexpr uint8_t kEndStream = 1, kAck = 1, kEndHeaders = 4;
constexpr size_t kFrameHead = 9;

std::string Literal(std::string_view text) {
  std::string out(1, static_cast<char>(text.size()));  // all of ours are shorter than 127
  return out.append(text);
}

// :method POST and :scheme http from the static table, the rest as literals that are not indexed.
std::string HeaderBlock(std::string_view method) {
  std::string block = "\x83\x86";
  block += '\x04' + Literal("/grpc.health.v1.Health/" + std::string(method));
  block += '\x01' + Literal("localhost");
  block += "\x0f\x10" + Literal("application/grpc");
  block += std::string(1, '\0') + Literal("te") + Literal("trailers");
  return block;
}

uint32_t ReadBig(std::string_view bytes) {
  uint32_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

std::string Big(uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
  return out;
}

}  // namespace

H2Connection::H2Connection(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  ::setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0) {
    fd_ = UniqueFd();
    return;
  }
  out_ = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  constexpr uint32_t kRoom = 1U << 30;  // the server never waits for a window update
  Frame(kSettings, 0, 0, std::string("\0\x04", 2) + Big(kRoom));
  Frame(kWindowUpdate, 0, 0, Big(kRoom));
}

void H2Connection::Frame(uint8_t type, uint8_t flags, uint32_t stream, std::string_view payload) {
  out_ += Big(static_cast<uint32_t>(payload.size())).substr(1);
  out_ += static_cast<char>(type);
  out_ += static_cast<char>(flags);
  out_ += Big(stream);
  out_ += payload;
}

void H2Connection::Ask(std::string_view method) {
  Frame(kHeaders, kEndHeaders, next_stream_, HeaderBlock(method));
  Frame(kData, kEndStream, next_stream_, std::string_view("\0\0\0\0\0", 5));
  next_stream_ += 2;
}

bool H2Connection::Flush() {
  std::string_view rest = out_;
  while (!rest.empty()) {
    const ssize_t n = ::send(fd_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    rest.remove_prefix(static_cast<size_t>(n));
  }
  out_.clear();
  return true;
}

bool H2Connection::Receive() {
  std::array<char, 65536> chunk;
  const ssize_t n = ::recv(fd_.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
  if (n <= 0) return n < 0 && (errno == EAGAIN || errno == EINTR);
  in_.append(chunk.data(), static_cast<size_t>(n));
  std::string_view rest = in_;
  while (rest.size() >= kFrameHead) {
    const size_t size = ReadBig(rest.substr(0, 3));
    if (rest.size() < kFrameHead + size) break;
    Take(static_cast<uint8_t>(rest[3]), static_cast<uint8_t>(rest[4]), rest.substr(kFrameHead, size));
    rest.remove_prefix(kFrameHead + size);
  }
  in_.erase(0, in_.size() - rest.size());
  return out_.empty() || Flush();
}

void H2Connection::Take(uint8_t type, uint8_t flags, std::string_view payload) {
  if (type == kData) data_bytes_ += payload.size();
  if (type == kSettings && !(flags & kAck)) Frame(kSettings, kAck, 0, {});
  if (type == kPing && !(flags & kAck)) Frame(kPing, kAck, 0, payload);
  if (type == kHeaders && (flags & kEndStream)) ++ended_;
}

}  // namespace candor::bench
