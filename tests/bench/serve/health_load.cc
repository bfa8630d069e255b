// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/serve/health_load.h"

#include <poll.h>
#include <sys/epoll.h>

#include <algorithm>
#include <array>

namespace candor::bench {
namespace {

constexpr int kPollMillis = 20;
constexpr std::chrono::minutes kTimeout{1};
constexpr std::chrono::milliseconds kPace{5};  // so that the checks do not slow the notifications

UniqueFd WatchAll(const std::vector<std::unique_ptr<H2Connection>>& connections) {
  UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  for (const auto& connection : connections) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = connection.get();
    ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, connection->fd(), &event);
  }
  return epoll;
}

// Receives on every readable connection and calls `then` with what came.
template <class Then>
void Turn(int epoll, Then then) {
  std::array<epoll_event, 64> events;
  const int n = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), kPollMillis);
  for (int i = 0; i < n; ++i) {
    auto* connection = static_cast<H2Connection*>(events[static_cast<size_t>(i)].data.ptr);
    const size_t answers = connection->answers(), ended = connection->ended();
    if (!connection->Receive()) ::epoll_ctl(epoll, EPOLL_CTL_DEL, connection->fd(), nullptr);
    then(*connection, connection->answers() - answers, connection->ended() - ended);
  }
}

}  // namespace

double ChecksPerSecond(int port, std::chrono::milliseconds time, int in_flight) {
  constexpr size_t kConnections = 4;
  std::vector<std::unique_ptr<H2Connection>> connections;
  for (size_t i = 0; i < kConnections; ++i) {
    connections.push_back(std::make_unique<H2Connection>(port));
    for (int call = 0; call < in_flight; ++call) connections.back()->Ask("Check");
    connections.back()->Flush();
  }
  const UniqueFd epoll = WatchAll(connections);
  size_t answered = 0;
  const auto start = Clock::now();
  while (Clock::now() - start < time) {
    Turn(epoll.get(), [&](H2Connection& connection, size_t answers, size_t ended) {
      answered += answers;
      for (; ended > 0; --ended) connection.Ask("Check");
      connection.Flush();
    });
  }
  return static_cast<double>(answered) * 1000 / Millis(Clock::now() - start);
}

Watchers::Watchers(int port, int count, int per_connection) {
  for (int i = 0; i < count; ++i) {
    if (i % per_connection == 0) connections_.push_back(std::make_unique<H2Connection>(port));
    connections_.back()->Ask("Watch");
  }
  epoll_ = WatchAll(connections_);
  for (const auto& connection : connections_) connection->Flush();
  thread_ = std::thread([this] { Run(); });  // from now on the connections are its own
  Clock::time_point when;
  Await(static_cast<size_t>(count), &when);
}

Watchers::~Watchers() {
  stop_ = true;
  thread_.join();
}

void Watchers::Run() {
  while (!stop_) Turn(epoll_.get(), [this](H2Connection&, size_t answers, size_t) { answers_ += answers; });
}

bool Watchers::Await(size_t wanted, Clock::time_point* when) const {
  const auto end = Clock::now() + kTimeout;
  while (answers_ < wanted && Clock::now() < end) std::this_thread::sleep_for(std::chrono::microseconds(500));
  *when = Clock::now();
  return answers_ >= wanted;
}

SlowestCheck::SlowestCheck(int port) {
  thread_ = std::thread([this, port] {
    H2Connection connection(port);
    for (size_t calls = 1; !stop_; ++calls) {
      const auto start = Clock::now();
      connection.Ask("Check");
      bool well = connection.Flush();
      while (well && connection.ended() < calls && Clock::now() - start < kTimeout) {
        pollfd readable{connection.fd(), POLLIN, 0};
        ::poll(&readable, 1, kPollMillis);
        well = connection.Receive();
      }
      // The first one opens the connection. One that was never answered is the slowest of all.
      if (calls > 1) slowest_ms_ = std::max(slowest_ms_, Millis(well ? Clock::now() - start : kTimeout));
      std::this_thread::sleep_for(kPace);
    }
  });
}

double SlowestCheck::Stop() {
  stop_ = true;
  thread_.join();
  return slowest_ms_;
}

}  // namespace candor::bench
