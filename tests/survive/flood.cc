// SPDX-License-Identifier: Apache-2.0
//
// Sends forged packets at a node, and prints what it managed as one line of JSON:
//
//   survive_flood KIND NODE PORT SECONDS SOURCES RATE      RATE in packets a second; fewer where the machine
//   is slower
//
//   flows    plain RTP, each packet of another source port or address: a new flow each
//   checks   ICE checks with an integrity that no password made, each source repeating its own as clients do
//   replies  answers to checks that were never sent
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/unique_fd.h"
#include "tests/packets/packets.h"

namespace candor {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kBatch = 64;
constexpr size_t kSourcePort = 20;   // behind the IPv4 header
constexpr size_t kTransaction = 36;  // behind UDP's header, and STUN's type, length and cookie
constexpr size_t kFirstPort = 1024, kPorts = 60000;

struct Flood {
  std::string kind, node;
  uint16_t port = 0;
  double seconds = 0;
  size_t sources = 1;
  double rate = 0;
};

template <class T>
bool Read(const char* text, T* out) {
  const char* end = text + std::strlen(text);
  return std::from_chars(text, end, *out).ptr == end;
}

bool Parse(int argc, const char* const* argv, Flood* f) {
  if (argc != 7) return false;
  f->kind = argv[1];
  f->node = argv[2];
  const bool known = f->kind == "flows" || f->kind == "checks" || f->kind == "replies";
  return known && Read(argv[3], &f->port) && Read(argv[4], &f->seconds) && Read(argv[5], &f->sources) &&
         Read(argv[6], &f->rate) && f->sources > 0 && f->rate > 0;
}

// Whole IPv4 packets, one for each source, out of the block for benchmarks (RFC 2544). A UDP checksum of zero
// means that there is none (RFC 768).
std::vector<Bytes> PacketsOf(const Flood& f) {
  std::vector<Bytes> packets;
  for (size_t n = 0; n < f.sources; ++n) {
    const std::string address = fmt::format("198.{}.{}.{}", 18 + n / 65536 % 2, n / 256 % 256, n % 256);
    const FlowKey key = KeyOf(f.node, f.port, address, 5000);
    Bytes payload = Rtp(7, 1);
    if (f.kind == "checks") payload = Check(fmt::format("none{}:them", n), 0, false);
    if (f.kind == "replies") payload = CheckAnswer(0);
    packets.push_back(Udp(key, CANDOR_IN, payload));
  }
  return packets;
}

// What makes the packet another one than it was the last time round.
void Vary(const Flood& f, size_t number, Bytes* packet) {
  if (f.kind == "flows") {
    const size_t port = kFirstPort + number / f.sources % kPorts;
    packet->at(kSourcePort) = static_cast<uint8_t>(port >> 8);
    packet->at(kSourcePort + 1) = static_cast<uint8_t>(port);
  } else {
    std::memcpy(&packet->at(kTransaction), &number, sizeof number);
  }
}

struct Sent {
  size_t sent = 0, refused = 0;
  double seconds = 0;
};

Sent Send(const Flood& f, int socket) {
  std::vector<Bytes> packets = PacketsOf(f);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  inet_pton(AF_INET, f.node.c_str(), &to.sin_addr);
  std::array<iovec, kBatch> parts{};
  std::array<mmsghdr, kBatch> messages{};
  Sent done;
  const auto began = Clock::now();
  const auto end = began + std::chrono::duration<double>(f.seconds);
  for (size_t number = 0; Clock::now() < end;) {
    const size_t batch = std::min(kBatch, f.sources);  // a packet is in it once
    for (size_t i = 0; i < batch; ++i, ++number) {
      Bytes& packet = packets[number % f.sources];
      Vary(f, number, &packet);
      parts[i] = {packet.data(), packet.size()};
      messages[i].msg_hdr = {&to, sizeof to, &parts[i], 1, nullptr, 0, 0};
    }
    const int taken = ::sendmmsg(socket, messages.data(), static_cast<unsigned>(batch), 0);
    done.sent += static_cast<size_t>(std::max(0, taken));
    done.refused += batch - static_cast<size_t>(std::max(0, taken));  // the queue is full
    std::this_thread::sleep_until(began +
                                  std::chrono::duration<double>(static_cast<double>(number) / f.rate));
  }
  done.seconds = std::chrono::duration<double>(Clock::now() - began).count();
  return done;
}

}  // namespace
}  // namespace candor

int main(int argc, char** argv) {
  candor::Flood flood;
  if (!candor::Parse(argc, argv, &flood)) {
    fmt::print(stderr, "usage: survive_flood flows|checks|replies NODE PORT SECONDS SOURCES RATE\n");
    return 1;
  }
  const candor::UniqueFd socket(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW));
  if (!socket) {
    fmt::print(stderr, "survive_flood: cannot open a raw socket: {}\n", std::strerror(errno));
    return 1;
  }
  const candor::Sent done = candor::Send(flood, socket.get());
  fmt::print("{{\"sent\": {}, \"refused\": {}, \"seconds\": {:.3f}}}\n", done.sent, done.refused,
             done.seconds);
  return std::fflush(stdout) == 0 ? 0 : 1;
}
