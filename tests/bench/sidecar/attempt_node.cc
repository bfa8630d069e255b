// SPDX-License-Identifier: Apache-2.0
//
// A media node that takes calls, and all its callers, in one thread:
//   attempt_node PEERS_NETNS PEERS_DEVICE NODE_MAC
// Reads commands from stdin, a line each, and answers each with a line of JSON:
//   open N       opens flows until N are active at once
//   run S RATE   for S seconds: RATE new attempts a second, each over after a second; the open flows go on
//   mute         from now on the node answers no packet, not even those of active flows
#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <deque>
#include <thread>

#include "script.h"
#include "tests/bench/live/sockets.h"

namespace candor {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr auto kStepTime = milliseconds(10);     // between two packets of a setup
constexpr auto kRepeatTime = milliseconds(200);  // of an unanswered check
constexpr auto kCallTime = std::chrono::seconds(1);
constexpr auto kMediaEvery = std::chrono::seconds(4);  // of an open flow: enough to be alive
constexpr uint32_t kPortsOfAPeer = 20000;

FlowKey KeyOfAttempt(uint32_t id) {
  FlowKey k = KeyOf("10.98.0.1", kNodePort, "10.97.0.1", static_cast<uint16_t>(20000 + id % kPortsOfAPeer));
  const uint32_t peer = id / kPortsOfAPeer;
  k.remote_addr[13] = static_cast<uint8_t>(100 + peer / 256);
  k.remote_addr[14] = static_cast<uint8_t>(peer);
  return k;
}

void SetChecksum(Bytes& ip) {
  uint32_t sum = 0;
  for (size_t i = 0; i < 20; i += 2) sum += static_cast<uint32_t>(ip[i] << 8 | ip[i + 1]);
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  ip[10] = static_cast<uint8_t>(~sum >> 8);
  ip[11] = static_cast<uint8_t>(~sum);
}

class Wire {
 public:
  Wire(UniqueFd node, UniqueFd peers, const Bytes& mac)
      : node_(std::move(node)), peers_(std::move(peers)), header_(mac + Bytes{2, 0, 0, 0, 0, 0x99, 8, 0}) {}

  void Send(uint32_t id, candor_dir dir, const Bytes& payload) {
    const FlowKey key = KeyOfAttempt(id);
    if (dir == CANDOR_OUT) {
      if (!mute) SendFromNode(key, payload);
      return;
    }
    Bytes ip = Udp(key, CANDOR_IN, payload);
    SetChecksum(ip);
    const Bytes frame = header_ + ip;
    sent += ::send(peers_.get(), frame.data(), frame.size(), 0) > 0;
    uint8_t drain[2048];
    while (!mute && ::recv(node_.get(), drain, sizeof drain, MSG_DONTWAIT) > 0) {
    }
  }

  bool mute = false;
  uint64_t sent = 0;  // packets, both ways

 private:
  void SendFromNode(const FlowKey& key, const Bytes& payload) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(key.remote_port);
    std::memcpy(&to.sin_addr, key.remote_addr + 12, 4);
    sent += ::sendto(node_.get(), payload.data(), payload.size(), 0, reinterpret_cast<sockaddr*>(&to),
                     sizeof to) > 0;
  }

  UniqueFd node_, peers_;
  Bytes header_;
};

class Calls {
 public:
  explicit Calls(Wire wire) : wire_(std::move(wire)) {}

  void Open(uint32_t n) {
    while (open_ < n) {
      for (size_t i = 0; i < kSetupSteps; ++i) DoStep(open_, i);
      if (++open_ % 50 == 0) std::this_thread::sleep_for(milliseconds(5));  // 10,000 a second
    }
  }

  // When the first of its attempts began, by the wall clock.
  double Run(double seconds, double rate) {
    const auto begin = Clock::now();
    const auto end =
        begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    const double wall =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    uint64_t begun = 0, kept = 0;
    const double media_rate = open_ / std::chrono::duration<double>(kMediaEvery).count();
    for (auto now = begin; now < end; now = Clock::now()) {
      const double t = std::chrono::duration<double>(now - begin).count();
      for (; static_cast<double>(begun) < t * rate; ++begun)
        steps_.push_back({now, kShortOnes + short_++, 0});
      for (; static_cast<double>(kept) < t * media_rate; ++kept) KeepOneAlive();
      DoDueSteps(now);
      std::this_thread::sleep_for(milliseconds(1));
    }
    begun_ = begun;
    return wall;
  }

  void Mute() { wire_.mute = true; }
  uint64_t begun() const { return begun_; }
  uint64_t sent() const { return wire_.sent; }
  uint32_t open() const { return open_; }

 private:
  static constexpr uint32_t kShortOnes = 1000000;  // ids of attempts that end
  struct Due {
    Clock::time_point at;
    uint32_t id;
    size_t step;
  };

  void DoStep(uint32_t id, size_t step) {
    const Step s = SetupStep(id, step);
    wire_.Send(id, s.dir, s.payload);
  }

  void KeepOneAlive() {
    const uint32_t id = next_alive_++ % open_;
    const auto sequence = static_cast<uint16_t>(2 + next_alive_ / open_);
    wire_.Send(id, CANDOR_IN, Media(id, sequence));
    wire_.Send(id, CANDOR_OUT, Media(id, sequence));
  }

  // Every attempt's next step is a step time away, so the queues stay in order.
  void DoDueSteps(Clock::time_point now) {
    for (; !steps_.empty() && steps_.front().at <= now; steps_.pop_front()) {
      const Due due = steps_.front();
      // Without an answer the peer asks again.
      const size_t step = wire_.mute ? 0 : due.step;
      DoStep(due.id, step);
      if (wire_.mute)
        again_.push_back({now + kRepeatTime, due.id, 0});
      else if (step + 1 < kSetupSteps)
        steps_.push_back({now + kStepTime, due.id, due.step + 1});
      else
        ends_.push_back({now + kCallTime, due.id, 0});
    }
    for (; !again_.empty() && again_.front().at <= now; again_.pop_front()) {
      DoStep(again_.front().id, 0);
      again_.push_back({now + kRepeatTime, again_.front().id, 0});
    }
    for (; !ends_.empty() && ends_.front().at <= now; ends_.pop_front()) {
      wire_.Send(ends_.front().id, CANDOR_IN, Goodbye());
    }
  }

  Wire wire_;
  std::deque<Due> steps_, ends_, again_;
  uint32_t open_ = 0, short_ = 0, next_alive_ = 0;
  uint64_t begun_ = 0;
};

void Answer(Calls& calls, const char* line) {
  double seconds = 0, rate = 0, wall = 0;
  unsigned n = 0;
  if (std::sscanf(line, "open %u", &n) == 1) calls.Open(n);
  if (std::sscanf(line, "run %lf %lf", &seconds, &rate) == 2) wall = calls.Run(seconds, rate);
  if (std::strncmp(line, "mute", 4) == 0) calls.Mute();
  fmt::print(R"({{"open":{},"begun":{},"sent":{},"at":{:.6f}}})"
             "\n",
             calls.open(), calls.begun(), calls.sent(), wall);
  std::fflush(stdout);
}

int Serve(char** argv) {
  Bytes mac(6);
  if (std::sscanf(argv[3], "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1], &mac[2], &mac[3], &mac[4],
                  &mac[5]) != 6) {
    return 2;
  }
  auto sockets = OpenNodeSockets(1);
  auto peers = OpenPeers(argv[1], argv[2]);
  if (!sockets || !peers) {
    fmt::print(stderr, "attempt_node: {}\n", !sockets ? sockets.error().message : peers.error().message);
    return 1;
  }
  Calls calls(Wire(std::move(sockets->front()), std::move(*peers), mac));
  fmt::print("{{}}\n");
  std::fflush(stdout);
  char line[64];
  while (std::fgets(line, sizeof line, stdin) != nullptr) Answer(calls, line);
  return 0;
}

}  // namespace
}  // namespace candor

int main(int argc, char** argv) {
  if (argc == 4) return candor::Serve(argv);
  fmt::print(stderr, "usage: attempt_node PEERS_NETNS PEERS_DEVICE NODE_MAC\n");
  return 2;
}
