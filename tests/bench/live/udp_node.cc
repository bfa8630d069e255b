// SPDX-License-Identifier: Apache-2.0
//
// A media node and all its peers in one thread, so that its CPU time is all that the packets cost:
//   udp_node PEERS_NETNS PEERS_DEVICE NODE_MAC REMOTES SOCKETS
// The peers send RTP through a veth pair, the node receives it (recvmmsg) and sends it back (sendmmsg). What
// the kernel does for a packet in its softirq is done, and accounted for, within the thread that sent it.
// Reads "N\n" from stdin: runs N packets and prints what they cost as one line of JSON.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "sockets.h"

namespace candor {
namespace {

constexpr uint32_t kBatch = 64;

double Clock(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

double UserSeconds() {
  rusage u{};
  getrusage(RUSAGE_THREAD, &u);
  return static_cast<double>(u.ru_utime.tv_sec) + static_cast<double>(u.ru_utime.tv_usec) * 1e-6;
}

// Buffers of one batch of messages.
struct Batch {
  uint8_t bytes[kBatch][Frames::kLongest];
  sockaddr_storage names[kBatch];
  iovec parts[kBatch];
  mmsghdr messages[kBatch];

  void Prepare(uint32_t i, size_t length, bool named) {
    parts[i] = {bytes[i], length};
    messages[i] = {};
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
    if (named) {
      messages[i].msg_hdr.msg_name = &names[i];
      messages[i].msg_hdr.msg_namelen = sizeof names[i];
    }
  }
};

class Node {
 public:
  Node(std::vector<UniqueFd> sockets, UniqueFd peers, Frames frames)
      : sockets_(std::move(sockets)), peers_(std::move(peers)), frames_(std::move(frames)) {}

  std::string Run(uint64_t packets) {
    sent_ = received_ = echoed_ = 0;
    const double wall = Clock(CLOCK_MONOTONIC), cpu = Clock(CLOCK_THREAD_CPUTIME_ID), user = UserSeconds();
    while (sent_ < packets) {
      PeersSend();
      const size_t touched = std::min<size_t>(sockets_.size(), kBatch);
      for (size_t i = 0; i < touched; ++i) EchoFrom(sockets_[(socket_ + i) % sockets_.size()].get());
      socket_ = (socket_ + kBatch) % sockets_.size();
    }
    return fmt::format(R"({{"sent":{},"received":{},"echoed":{},"wall":{:.6f},"cpu":{:.6f},"user":{:.6f}}})",
                       sent_, received_, echoed_, Clock(CLOCK_MONOTONIC) - wall,
                       Clock(CLOCK_THREAD_CPUTIME_ID) - cpu, UserSeconds() - user);
  }

 private:
  void PeersSend() {
    for (uint32_t i = 0; i < kBatch; ++i) out_->Prepare(i, frames_.Next(out_->bytes[i]), false);
    const int n = ::sendmmsg(peers_.get(), out_->messages, kBatch, 0);
    if (n > 0) sent_ += static_cast<uint64_t>(n);
  }

  void EchoFrom(int fd) {
    for (uint32_t i = 0; i < kBatch; ++i) in_->Prepare(i, Frames::kLongest, true);
    const int n = ::recvmmsg(fd, in_->messages, kBatch, MSG_DONTWAIT, nullptr);
    if (n <= 0) return;
    received_ += static_cast<uint64_t>(n);
    for (int i = 0; i < n; ++i) in_->parts[i].iov_len = in_->messages[i].msg_len;
    const int back = ::sendmmsg(fd, in_->messages, static_cast<unsigned>(n), 0);
    if (back > 0) echoed_ += static_cast<uint64_t>(back);
  }

  std::vector<UniqueFd> sockets_;
  UniqueFd peers_;
  Frames frames_;
  std::unique_ptr<Batch> in_ = std::make_unique<Batch>(), out_ = std::make_unique<Batch>();
  size_t socket_ = 0;  // where the next batch begins
  uint64_t sent_ = 0, received_ = 0, echoed_ = 0;
};

int Serve(char** argv) {
  Ether ether;
  ether.from = {2, 0, 0, 0, 0, 0x99};
  auto* m = ether.to.data();
  if (std::sscanf(argv[3], "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", m, m + 1, m + 2, m + 3, m + 4, m + 5) != 6)
    return 2;
  const auto remotes = static_cast<uint32_t>(std::atoi(argv[4]));
  const auto count = static_cast<uint32_t>(std::atoi(argv[5]));
  auto sockets = OpenNodeSockets(count);
  auto peers = OpenPeers(argv[1], argv[2]);
  if (!sockets || !peers || remotes == 0) {
    fmt::print(stderr, "udp_node: {}\n", !sockets ? sockets.error().message : peers.error().message);
    return 1;
  }
  Node node(std::move(*sockets), std::move(*peers), Frames(ether, remotes, count));
  fmt::print("{{}}\n");
  std::fflush(stdout);
  char line[32];
  while (std::fgets(line, sizeof line, stdin) != nullptr) {
    fmt::print("{}\n", node.Run(std::strtoull(line, nullptr, 10)));
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace
}  // namespace candor

int main(int argc, char** argv) {
  if (argc == 6) return candor::Serve(argv);
  fmt::print(stderr, "usage: udp_node PEERS_NETNS PEERS_DEVICE NODE_MAC REMOTES SOCKETS\n");
  return 2;
}
