// SPDX-License-Identifier: Apache-2.0
//
// bpf/abi.h as the C++ compiler lays it out against the BTF of the BPF objects, which the other side's
// compiler wrote. The objects are those in the skeletons: no file is read, and nothing is loaded.
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <string>

#include "bpf/abi.h"
#include "bpf/drops.h"
#include "bpf/sessions.h"
#include "drops.skel.h"
#include "flow.skel.h"
#include "sessions.skel.h"

namespace candor {
namespace {

struct CloseObject {
  void operator()(bpf_object* o) const { bpf_object__close(o); }
};

class LayoutTest : public testing::Test {
 protected:
  void SetUp() override { Read(flow_bpf__elf_bytes); }
  void Read(const void* (*elf_bytes)(size_t*)) {
    size_t size = 0;
    const void* bytes = elf_bytes(&size);
    object_.reset(bpf_object__open_mem(bytes, size, nullptr));
    ASSERT_TRUE(object_) << "cannot read the object";
    btf_ = bpf_object__btf(object_.get());
    ASSERT_NE(btf_, nullptr) << "the object has no BTF";
  }
  const btf_type* Struct(const std::string& name) const {
    const int id = btf__find_by_name_kind(btf_, name.c_str(), BTF_KIND_STRUCT);
    return id < 0 ? nullptr : btf__type_by_id(btf_, static_cast<uint32_t>(id));
  }
  // Byte offset of a member; -1 without one.
  long OffsetOf(const std::string& name, const std::string& member) const {
    const btf_type* t = Struct(name);
    for (uint32_t i = 0; t != nullptr && i < btf_vlen(t); ++i) {
      if (member == btf__name_by_offset(btf_, btf_members(t)[i].name_off)) {
        return btf_member_bit_offset(t, i) / 8;
      }
    }
    return -1;
  }
  // Bytes of a struct that belong to no member.
  long Padding(const std::string& name) const {
    const btf_type* t = Struct(name);
    long rest = t == nullptr ? -1 : static_cast<long>(t->size);
    for (uint32_t i = 0; t != nullptr && i < btf_vlen(t); ++i) {
      rest -= btf__resolve_size(btf_, btf_members(t)[i].type);
    }
    return rest;
  }

  std::unique_ptr<bpf_object, CloseObject> object_;
  const btf* btf_ = nullptr;  // the object's own
};

#define EXPECT_SIZE(type)                                                  \
  ASSERT_NE(Struct(#type), nullptr);                                       \
  EXPECT_EQ(Struct(#type)->size, sizeof(struct type)) << "size of " #type; \
  EXPECT_EQ(Padding(#type), 0) << #type " has padding"
#define EXPECT_OFFSET(type, member) \
  EXPECT_EQ(OffsetOf(#type, #member), static_cast<long>(offsetof(struct type, member))) << #type "." #member

TEST_F(LayoutTest, FlowKey) {
  EXPECT_SIZE(candor_flow_key);
  EXPECT_OFFSET(candor_flow_key, local_addr);
  EXPECT_OFFSET(candor_flow_key, remote_addr);
  EXPECT_OFFSET(candor_flow_key, local_port);
  EXPECT_OFFSET(candor_flow_key, remote_port);
}

TEST_F(LayoutTest, FlowTimesAndWaits) {
  EXPECT_SIZE(candor_flow);
  EXPECT_SIZE(candor_waiting);
  EXPECT_OFFSET(candor_waiting, node_ns);
  EXPECT_OFFSET(candor_waiting, peer_ns);
  EXPECT_OFFSET(candor_flow, first_ns);
  EXPECT_OFFSET(candor_flow, active_ns);
  EXPECT_OFFSET(candor_flow, last_in_ns);
  EXPECT_OFFSET(candor_flow, last_out_ns);
  EXPECT_OFFSET(candor_flow, last_media_in_ns);
  EXPECT_OFFSET(candor_flow, last_media_out_ns);
  EXPECT_OFFSET(candor_flow, ice);
  EXPECT_OFFSET(candor_flow, dtls);
  EXPECT_OFFSET(candor_flow, media);
  EXPECT_OFFSET(candor_flow, path_ns);
}

TEST_F(LayoutTest, FlowIdentity) {
  EXPECT_OFFSET(candor_flow, ufrag_hash);
  EXPECT_OFFSET(candor_flow, old_ufrag_hash);
  EXPECT_OFFSET(candor_flow, sock_cookie);
  EXPECT_OFFSET(candor_flow, cgroup_id);
  EXPECT_OFFSET(candor_flow, in_txid);
  EXPECT_OFFSET(candor_flow, out_txid);
  EXPECT_OFFSET(candor_flow, hs_tick);
  EXPECT_OFFSET(candor_flow, check_tick);
  EXPECT_OFFSET(candor_flow, marks);
  EXPECT_OFFSET(candor_flow, flags);
  EXPECT_OFFSET(candor_flow, ssrc);
  EXPECT_OFFSET(candor_flow, relay_head);
  EXPECT_OFFSET(candor_flow, relay_port);
  EXPECT_OFFSET(candor_flow, ufrag_len);
  EXPECT_OFFSET(candor_flow, ufrag_text);
}

TEST_F(LayoutTest, FlowCountsAndMarks) {
  EXPECT_OFFSET(candor_flow, media_packets);
  EXPECT_OFFSET(candor_flow, rtp_seq);
  EXPECT_OFFSET(candor_flow, rtp_time);
  EXPECT_OFFSET(candor_flow, rtp_type);
  EXPECT_OFFSET(candor_flow, hs);
  EXPECT_OFFSET(candor_flow, stun_error);
  EXPECT_OFFSET(candor_flow, checks_in);
  EXPECT_OFFSET(candor_flow, checks_answered);
  EXPECT_OFFSET(candor_flow, repeats);
  EXPECT_OFFSET(candor_flow, generation);
  EXPECT_OFFSET(candor_flow, phase);
  EXPECT_OFFSET(candor_flow, waiting_on);
  EXPECT_OFFSET(candor_flow, rtp_run);
  EXPECT_OFFSET(candor_flow, hs_in_ns);
  EXPECT_OFFSET(candor_flow, report_highest);
  EXPECT_OFFSET(candor_flow, report_tick);
  EXPECT_OFFSET(candor_flow, reports_new);
  EXPECT_OFFSET(candor_flow, reports_none);
  EXPECT_OFFSET(candor_flow, alert);
}

TEST_F(LayoutTest, FlowSlot) {
  EXPECT_SIZE(candor_flow_slot);
  EXPECT_OFFSET(candor_flow_slot, steps_done);
  EXPECT_OFFSET(candor_flow_slot, flow);
  EXPECT_OFFSET(candor_flow_slot, steps_begun);
}

TEST_F(LayoutTest, Event) {
  EXPECT_SIZE(candor_event);
  EXPECT_OFFSET(candor_event, kind);
  EXPECT_OFFSET(candor_event, cpu);
  EXPECT_OFFSET(candor_event, time_ns);
  EXPECT_OFFSET(candor_event, key);
  EXPECT_OFFSET(candor_event, flow);
}

TEST_F(LayoutTest, CountersActivityAndConfig) {
  EXPECT_SIZE(candor_counters);
  EXPECT_SIZE(candor_activity);
  EXPECT_OFFSET(candor_activity, last_in_ns);
  EXPECT_OFFSET(candor_activity, last_out_ns);
  EXPECT_SIZE(candor_clock);
  EXPECT_SIZE(candor_fast_counts);
  EXPECT_OFFSET(candor_fast_counts, media);
  EXPECT_OFFSET(candor_fast_counts, quic);
  EXPECT_SIZE(candor_cpu);
  EXPECT_OFFSET(candor_cpu, activity);
  EXPECT_OFFSET(candor_cpu, clock);
  EXPECT_OFFSET(candor_cpu, fast);
  EXPECT_OFFSET(candor_cpu, counters);
  EXPECT_SIZE(candor_config);
  EXPECT_OFFSET(candor_config, port_min);
  EXPECT_OFFSET(candor_config, port_max);
}

TEST_F(LayoutTest, Drops) {
  Read(drops_bpf__elf_bytes);
  EXPECT_SIZE(candor_drop_config);
  EXPECT_OFFSET(candor_drop_config, port_min);
  EXPECT_OFFSET(candor_drop_config, port_max);
  EXPECT_OFFSET(candor_drop_config, has_socket_argument);
  EXPECT_OFFSET(candor_drop_config, rules);
  EXPECT_SIZE(candor_drops);
  EXPECT_OFFSET(candor_drops, namespaces);
  EXPECT_OFFSET(candor_drops, counts);
  EXPECT_OFFSET(candor_drops, unattributed);
  EXPECT_OFFSET(candor_drops, lost_read);
  EXPECT_OFFSET(candor_drops, lost_beyond);
  EXPECT_OFFSET(candor_drops, lost_full);
  EXPECT_OFFSET(candor_drops, lost_cut);
  EXPECT_OFFSET(candor_drops, lost_in_all);
  EXPECT_OFFSET(candor_drops, lost_of);
  EXPECT_SIZE(candor_lost_share);
  EXPECT_OFFSET(candor_lost_share, taken);
  EXPECT_SIZE(candor_lost);
  EXPECT_OFFSET(candor_lost, time_ns);
  EXPECT_OFFSET(candor_lost, cgroup_id);
  EXPECT_OFFSET(candor_lost, segments);
  EXPECT_OFFSET(candor_lost, length);
  EXPECT_OFFSET(candor_lost, captured);
  EXPECT_OFFSET(candor_lost, direction);
  EXPECT_OFFSET(candor_lost, reason);
  EXPECT_OFFSET(candor_lost, head);
}

TEST_F(LayoutTest, Sessions) {
  Read(sessions_bpf__elf_bytes);
  EXPECT_SIZE(candor_session_key);
  EXPECT_OFFSET(candor_session_key, cgroup_id);
  EXPECT_OFFSET(candor_session_key, port);
  EXPECT_SIZE(candor_sessions);
  EXPECT_OFFSET(candor_sessions, namespaces);
  EXPECT_OFFSET(candor_sessions, refused);
}

}  // namespace
}  // namespace candor
