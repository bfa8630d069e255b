// SPDX-License-Identifier: Apache-2.0
//
// Datagrams that are lost come together: a thousand of one second are not a thousand witnesses. So the
// witnesses are seconds, and each says one thing: whether more was lost in it than anybody should bear.
// Pure; one thread.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"

namespace candor {

// Of one kind of loss: datagrams tried (lost ones included) and lost.
struct SocketSecond {
  uint64_t tried = 0;
  uint64_t lost = 0;
  Duration span{};  // about a second, longer where little is sent
  // ITU-T G.1010 asks for less than 1 % packet loss where people see one another.
  static constexpr double kLossLimit = 0.01;
  // Fewer are what stray multicast loses in a socket that somebody forgot, on a node that is all but idle.
  static constexpr uint64_t kMinLost = 10;
  bool bad() const {
    return lost >= kMinLost && static_cast<double>(lost) > kLossLimit * static_cast<double>(tried);
  }
};

class SocketSeconds {
 public:
  // Sums that only grow, as of `at`. A second once it is over and had enough datagrams to tell 1 % from
  // chance; where they are few it may take ten, and a node that hardly sends anything says nothing.
  std::optional<SocketSecond> Add(Time at, uint64_t tried, uint64_t lost) {
    if (begun_ == Time{} || at < begun_) return Begin(at, tried, lost);
    const SocketSecond s{tried - tried_, lost - lost_, at - begun_};
    if (s.span < kSecond || (s.tried < kEnough && s.span < kLongest)) return std::nullopt;
    Begin(at, tried, lost);
    if (s.tried < kEnough) return std::nullopt;
    return s;
  }

 private:
  static constexpr uint64_t kEnough = 50;  // one voice in one direction
  // Readings are a second apart, give or take a turn of the line.
  static constexpr Duration kSecond = std::chrono::milliseconds(900), kLongest = std::chrono::seconds(10);

  std::nullopt_t Begin(Time at, uint64_t tried, uint64_t lost) {
    begun_ = at, tried_ = tried, lost_ = lost;
    return std::nullopt;
  }

  Time begun_{};
  uint64_t tried_ = 0, lost_ = 0;
};

}  // namespace candor
