// SPDX-License-Identifier: Apache-2.0
//
// The detectors of the judge. To add one, see sidecar/README.md. Constants.
// Tested in tests/evidence/contribution_test.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace candor {

enum class Detector : uint8_t {
  kWaitingOnNode,     // the node exceeded a protocol's timeout
  kNeverActiveAlive,  // not active by the deadline, though the peer still sends
  kNeverActive,       // not active by the deadline
  kEarlyDrop,         // the node fell silent soon after the attempt became active
  kSlowSetup,         // active later than the baseline's 99th percentile
  kFrozen,            // never acknowledged
  kNoneActive,        // of a total failure only: no grace for leaving clients, one success refutes it
  // Of the media that attempts carry once they are active (media_kinds.h).
  kNoRtpToSenders,
  kNoDataToSenders,
  kLessRtpToSenders,
  kLessDataToSenders,
  kNoRtpOut,
  kNoRtpIn,
  kNoDataIn,
  kSetupShift,        // of the distribution of set-up times
  kCallsMuted,        // calls run, and the node falls silent to many of them
  kMediaNotReceived,  // the node sends, and its peers report that nothing arrives
};
constexpr size_t Index(Detector d) { return static_cast<size_t>(d); }
std::string_view Name(Detector d);  // "waiting_on_node", "never_active_alive", ...

inline constexpr size_t kDetectors = 7;  // those of whether attempts become active: up to kNoneActive
inline constexpr std::array<Detector, kDetectors> kAllDetectors = {
    Detector::kWaitingOnNode, Detector::kNeverActiveAlive, Detector::kNeverActive, Detector::kEarlyDrop,
    Detector::kSlowSetup,     Detector::kFrozen,           Detector::kNoneActive};
// Those that take attempts in order of arrival; kEarlyDrop alone begins when they become active.
inline constexpr std::array<Detector, 6> kDetectorsByArrival = {
    Detector::kWaitingOnNode, Detector::kNeverActiveAlive, Detector::kNeverActive,
    Detector::kSlowSetup,     Detector::kFrozen,           Detector::kNoneActive};

inline constexpr size_t kMediaDetectors = 7;
inline constexpr std::array<Detector, kMediaDetectors> kAllMediaDetectors = {
    Detector::kNoRtpToSenders,    Detector::kNoDataToSenders, Detector::kLessRtpToSenders,
    Detector::kLessDataToSenders, Detector::kNoRtpOut,        Detector::kNoRtpIn,
    Detector::kNoDataIn};
constexpr bool IsMedia(Detector d) { return d >= Detector::kNoRtpToSenders && d <= Detector::kNoDataIn; }

}  // namespace candor
