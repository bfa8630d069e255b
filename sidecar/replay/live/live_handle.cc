// SPDX-License-Identifier: Apache-2.0
#include "replay/live/live_handle.h"

#include <fmt/format.h>
#include <pcap/pcap.h>

#include <array>

#include "replay/layers/link_layer.h"

namespace candor {
namespace {

// Holds the headers, STUN attributes up to USERNAME and more, and the first records of a DTLS flight.
constexpr int kSnapLength = 256;

Error Refused(pcap* p, const std::string& interface, int status) {
  const std::string doing = "cannot capture on " + interface + ": ";
  switch (status) {
    case PCAP_ERROR_PERM_DENIED:
      return {doing +
                  "not permitted; it needs CAP_NET_RAW (run as root, `setcap cap_net_raw+ep` on candord, or "
                  "add the capability NET_RAW to the container)",
              EPERM};
    case PCAP_ERROR_NO_SUCH_DEVICE:
      return {doing + "no such interface (see `ip link`; 'any' captures on all)", ENODEV};
    case PCAP_ERROR_IFACE_NOT_UP:
      return {doing + "the interface is down (`ip link set " + interface + " up`)", ENETDOWN};
    default:
      return {doing + pcap_statustostr(status) + " (" + pcap_geterr(p) + ")", 0};
  }
}

Result<void> Filter(pcap* p, const LiveHandleOptions& options) {
  bpf_program program{};
  const std::string text = LiveFilter(options.port_min, options.port_max);
  const std::string doing = "cannot filter the capture on " + options.interface + " by '" + text + "': ";
  if (pcap_compile(p, &program, text.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0)
    return Fail(doing + pcap_geterr(p));
  const int set = pcap_setfilter(p, &program);
  pcap_freecode(&program);
  if (set != 0) return Fail(doing + pcap_geterr(p));
  return {};
}

}  // namespace

void PcapCloser::operator()(pcap* p) const { pcap_close(p); }

std::string LiveFilter(uint16_t port_min, uint16_t port_max) {
  if (port_min == 0 && port_max == 65535) return "udp";
  return fmt::format("udp portrange {}-{}", port_min, port_max);
}

Result<PcapHandle> OpenLive(const LiveHandleOptions& options) {
  std::array<char, PCAP_ERRBUF_SIZE> text{};
  PcapHandle p(pcap_create(options.interface.c_str(), text.data()));
  if (!p) return Fail("cannot capture on " + options.interface + ": " + text.data());
  pcap_set_snaplen(p.get(), kSnapLength);
  pcap_set_immediate_mode(p.get(), 1);
  pcap_set_buffer_size(p.get(), options.buffer_bytes);
  pcap_set_tstamp_precision(p.get(), PCAP_TSTAMP_PRECISION_NANO);  // falls back to microseconds
  const int status = pcap_activate(p.get());
  if (status < 0) return tl::make_unexpected(Refused(p.get(), options.interface, status));
  const int link = pcap_datalink(p.get());
  if (link < 0 || link > 0xffff || LinkName(static_cast<uint16_t>(link)) == nullptr) {
    return Fail(fmt::format("cannot capture on {}: its link type {} is not read", options.interface, link));
  }
  if (pcap_setnonblock(p.get(), 1, text.data()) != 0) {
    return Fail("cannot capture on " + options.interface + ": " + text.data());
  }
  if (auto filtered = Filter(p.get(), options); !filtered) return tl::make_unexpected(filtered.error());
  return p;
}

}  // namespace candor
