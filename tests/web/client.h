// SPDX-License-Identifier: Apache-2.0
//
// A client that can misbehave: send half a request, not read, not close.
// Blocking, with a time limit on every step so that no test hangs.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <string>
#include <string_view>

#include "base/unique_fd.h"

namespace candor::web {

class Client {
 public:
  // "127.0.0.1:PORT" or "unix:PATH". Ok(): whether it connected.
  explicit Client(const std::string& address, int receive_buffer = 0) {
    const bool is_unix = address.starts_with("unix:");
    fd_ = UniqueFd(::socket(is_unix ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const timeval timeout{10, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    if (receive_buffer > 0) {
      ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    ok_ = (is_unix ? ConnectUnix(address.substr(5)) : ConnectTcp(address)) == 0;
  }

  bool Ok() const { return ok_; }
  // Whether all of it could be sent.
  bool Send(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t n = ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      text.remove_prefix(static_cast<size_t>(n));
    }
    return true;
  }
  // Until the server closes, or 10 s pass.
  std::string ReadAll() const {
    std::string out;
    char bytes[4096];
    for (ssize_t n = 0; (n = ::recv(fd_.get(), bytes, sizeof bytes, 0)) > 0;) {
      out.append(bytes, static_cast<size_t>(n));
    }
    return out;
  }
  // One answer: headers and as many bytes as they promise.
  std::string ReadAnswer() const {
    std::string out;
    char byte = 0;
    while (!out.ends_with("\r\n\r\n") && ::recv(fd_.get(), &byte, 1, 0) == 1) out += byte;
    const size_t at = out.find("Content-Length: ");
    size_t rest = at == std::string::npos ? 0 : std::stoul(out.substr(at + 16));
    while (rest-- > 0 && ::recv(fd_.get(), &byte, 1, 0) == 1) out += byte;
    return out;
  }
  // Whether the server has closed, or does within 10 s, without a further byte.
  bool IsClosed() const {
    char byte = 0;
    return ::recv(fd_.get(), &byte, 1, 0) == 0 || errno == ECONNRESET;
  }
  void FinishSending() const { ::shutdown(fd_.get(), SHUT_WR); }

 private:
  int ConnectTcp(const std::string& address) const {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    return ::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
  int ConnectUnix(const std::string& path) const {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::memcpy(to.sun_path, path.c_str(), path.size());
    return ::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }

  UniqueFd fd_;
  bool ok_ = false;
};

}  // namespace candor::web
