// SPDX-License-Identifier: Apache-2.0
//
// A real capture on the loopback interface. Label kernel: it needs CAP_NET_RAW, and fails without.
#include "replay/live/live_source.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/unique_fd.h"
#include "tests/replay/capture_bytes.h"

namespace candor {
namespace {

using ::testing::HasSubstr;

struct Socket {
  UniqueFd fd;
  sockaddr_in address{};
};

Socket Bound() {
  Socket s;
  s.fd.Reset(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  s.address.sin_family = AF_INET;
  s.address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t n = sizeof s.address;
  EXPECT_EQ(bind(s.fd.get(), reinterpret_cast<sockaddr*>(&s.address), n), 0);
  EXPECT_EQ(getsockname(s.fd.get(), reinterpret_cast<sockaddr*>(&s.address), &n), 0);
  return s;
}

void SendRtp(const Socket& from, const Socket& to, uint16_t sequence) {
  const testing::Bytes rtp = testing::Rtp(sequence, 77);
  EXPECT_EQ(sendto(from.fd.get(), rtp.data(), rtp.size(), 0, reinterpret_cast<const sockaddr*>(&to.address),
                   sizeof to.address),
            static_cast<ssize_t>(rtp.size()));
}

TEST(LiveSource, SeesMediaBothWaysOnLoopbackAsTwoFlows) {
  const Socket a = Bound(), b = Bound();
  LiveSourceOptions options;
  options.interface = "lo";
  auto source = LiveSource::Open(options);
  ASSERT_TRUE(source) << source.error().message;
  const Time start = MonotonicNow();
  for (uint16_t i = 0; i < 5; ++i) {
    SendRtp(a, b, i);
    SendRtp(b, a, i);
  }
  std::map<uint16_t, FlowEvent> last;  // by the local port
  const auto active = [&](const Socket& s) {
    const auto it = last.find(ntohs(s.address.sin_port));
    return it != last.end() && it->second.flow.phase == CANDOR_PHASE_ACTIVE;
  };
  const FlowSink sink = [&](const FlowEvent& e) { last[e.key.local_port] = e; };
  while ((!active(a) || !active(b)) && MonotonicNow() - start < std::chrono::seconds(5)) {
    const auto n = (*source)->Poll(std::chrono::milliseconds(100), sink);
    ASSERT_TRUE(n) << n.error().message;
  }
  ASSERT_TRUE(active(a) && active(b)) << "within 5 s";
  const FlowEvent& e = last[ntohs(a.address.sin_port)];
  EXPECT_GE(e.at, start - std::chrono::milliseconds(100)) << "on the monotonic clock";
  EXPECT_LE(e.at, MonotonicNow());
  const SourceHealth health = (*source)->Health();
  EXPECT_EQ(health.kind, "pcap");
  EXPECT_EQ(health.target, "lo");
  EXPECT_FALSE(health.blindness.blind());
  EXPECT_FALSE(health.warnings.empty());
  EXPECT_GE(health.counters[CANDOR_C_MEDIA], 10u);
}

TEST(LiveSource, AnUnknownInterfaceIsNamed) {
  LiveSourceOptions options;
  options.interface = "nosuchif0";
  const auto source = LiveSource::Open(options);
  ASSERT_FALSE(source);
  EXPECT_THAT(source.error().message, HasSubstr("cannot capture on nosuchif0: no such interface"));
}

TEST(LiveSource, WithoutTheRightItSaysWhichOneIsMissing) {
  ASSERT_EQ(geteuid(), 0u) << "this test takes a right away from a child process, so it must have it";
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    LiveSourceOptions options;
    options.interface = "lo";
    const bool unprivileged = setgid(65534) == 0 && setuid(65534) == 0;
    const auto source = LiveSource::Open(options);
    const std::string text = !unprivileged ? "cannot drop privileges"
                             : source      ? "opened"
                                           : source.error().message;
    _exit(write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 1);
  }
  close(ends[1]);
  char text[512] = {};
  EXPECT_GT(read(ends[0], text, sizeof text - 1), 0);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_THAT(text, HasSubstr("not permitted; it needs CAP_NET_RAW"));
}

}  // namespace
}  // namespace candor
