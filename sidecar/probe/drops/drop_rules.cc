// SPDX-License-Identifier: Apache-2.0
#include "probe/drops/drop_rules.h"

#include <bpf/btf.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "flow/drop_reasons.h"

namespace candor {
namespace {

constexpr std::string_view kPrefix = "SKB_DROP_REASON_";

// Several kernel reasons may map to one. Source: include/net/dropreason-core.h.
constexpr std::pair<std::string_view, candor_drop_reason> kKnown[] = {
    {"SOCKET_RCVBUFF", CANDOR_DROP_RECEIVE_BUFFER},
    {"PROTO_MEM", CANDOR_DROP_UDP_MEMORY},
    {"NETFILTER_DROP", CANDOR_DROP_NETFILTER},
    {"UDP_CSUM", CANDOR_DROP_CHECKSUM},
    {"NO_SOCKET", CANDOR_DROP_NO_SOCKET},
    {"SOCKET_FILTER", CANDOR_DROP_SOCKET_FILTER},
    {"IP_RPFILTER", CANDOR_DROP_SOURCE},
    {"IP_LOCAL_SOURCE", CANDOR_DROP_SOURCE},
    {"IP_INVALID_SOURCE", CANDOR_DROP_SOURCE},
    {"XFRM_POLICY", CANDOR_DROP_POLICY},
    {"TC_INGRESS", CANDOR_DROP_TC_INGRESS},
    {"QDISC_DROP", CANDOR_DROP_QDISC},
    {"QDISC_OVERLIMIT", CANDOR_DROP_QDISC},
    {"QDISC_CONGESTED", CANDOR_DROP_QDISC},
    {"CAKE_FLOOD", CANDOR_DROP_QDISC},
    {"FQ_BAND_LIMIT", CANDOR_DROP_QDISC},
    {"FQ_HORIZON_LIMIT", CANDOR_DROP_QDISC},
    {"FQ_FLOW_LIMIT", CANDOR_DROP_QDISC},
    {"DUALPI2_STEP_DROP", CANDOR_DROP_QDISC},
    {"TC_EGRESS", CANDOR_DROP_TC_EGRESS},
    {"NEIGH_CREATEFAIL", CANDOR_DROP_NEIGHBOUR},
    {"NEIGH_FAILED", CANDOR_DROP_NEIGHBOUR},
    {"NEIGH_QUEUEFULL", CANDOR_DROP_NEIGHBOUR},
    {"NEIGH_DEAD", CANDOR_DROP_NEIGHBOUR},
    {"BPF_CGROUP_EGRESS", CANDOR_DROP_CGROUP_EGRESS},
    {"DEV_HDR", CANDOR_DROP_DEVICE},
    {"DEV_READY", CANDOR_DROP_DEVICE},
    {"FULL_RING", CANDOR_DROP_DEVICE},
    {"NO_TX_TARGET", CANDOR_DROP_DEVICE},
    {"IP_OUTNOROUTES", CANDOR_DROP_ROUTE},
    {"IP_INADDRERRORS", CANDOR_DROP_ROUTE},
    {"IP_INNOROUTES", CANDOR_DROP_ROUTE},
    {"IPV6DISABLED", CANDOR_DROP_ROUTE},
    {"CPU_BACKLOG", CANDOR_DROP_BACKLOG},
    {"XDP", CANDOR_DROP_XDP},
    {"NOMEM", CANDOR_DROP_MEMORY},
    {"PFMEMALLOC", CANDOR_DROP_MEMORY},
};

const btf_type* Find(const btf& kernel, const char* name, uint32_t kind) {
  const int id = btf__find_by_name_kind(&kernel, name, kind);
  return id < 0 ? nullptr : btf__type_by_id(&kernel, static_cast<uint32_t>(id));
}

candor_drop_reason ReasonOf(std::string_view name) {
  if (!name.starts_with(kPrefix)) return CANDOR_DROP_NONE;
  name.remove_prefix(kPrefix.size());
  const auto* known =
      std::find_if(std::begin(kKnown), std::end(kKnown), [&](const auto& row) { return row.first == name; });
  return known == std::end(kKnown) ? CANDOR_DROP_NONE : known->second;
}

uint8_t RuleOf(candor_drop_reason reason) {
  const int in = IsDropCounted(reason, CANDOR_IN) ? CANDOR_DROP_IN : 0;
  const int out = IsDropCounted(reason, CANDOR_OUT) ? CANDOR_DROP_OUT : 0;
  return static_cast<uint8_t>(static_cast<int>(reason) | in | out);
}

// The tracepoint's number of arguments, the kernel's own first one included; 0 without the tracepoint.
uint32_t Arguments(const btf& kernel) {
  const btf_type* t = Find(kernel, "btf_trace_kfree_skb", BTF_KIND_TYPEDEF);
  if (t != nullptr) t = btf__type_by_id(&kernel, t->type);
  if (t != nullptr && btf_is_ptr(t)) t = btf__type_by_id(&kernel, t->type);
  return t != nullptr && btf_is_func_proto(t) ? btf_vlen(t) : 0;
}

}  // namespace

Result<DropRules> DropRulesOf(const btf& kernel) {
  const uint32_t arguments = Arguments(kernel);
  if (arguments == 0) return Fail("this kernel has no tracepoint kfree_skb");
  const btf_type* reasons = Find(kernel, "skb_drop_reason", BTF_KIND_ENUM);
  if (reasons == nullptr || arguments < 4)
    return Fail("this kernel reports no drop reasons (Linux 5.17 does)");
  DropRules out;
  std::array<bool, CANDOR_DROP_MAX> reported{};
  for (uint32_t i = 0; i < btf_vlen(reasons); ++i) {
    const struct btf_enum& e = btf_enum(reasons)[i];
    const candor_drop_reason reason = ReasonOf(btf__name_by_offset(&kernel, e.name_off));
    if (reason == CANDOR_DROP_NONE || e.val < 0 || e.val >= CANDOR_DROP_RULES) continue;
    out.rules.at(static_cast<size_t>(e.val)) = RuleOf(reason);
    reported.at(reason) = true;
  }
  out.has_socket_argument = arguments >= 5;
  // There UDP has overwritten the packet's device, and only the socket has the namespace.
  if (!out.has_socket_argument) reported.at(CANDOR_DROP_UDP_MEMORY) = false;
  for (size_t r = 1; r < reported.size(); ++r) {
    if (!reported.at(r)) out.unreported.emplace_back(DropName(static_cast<candor_drop_reason>(r)));
  }
  return out;
}

}  // namespace candor
