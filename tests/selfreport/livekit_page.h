// SPDX-License-Identifier: Apache-2.0
//
// Of the page of metrics of a LiveKit 1.13.5 whose clients' media was dropped after the first 24 joins; lines
// of other families are left out.
#pragma once

#include <string_view>

namespace candor {

inline constexpr std::string_view kLiveKitPage =
    R"page(# HELP go_gc_duration_seconds A summary of the wall-time pause (stop-the-world) duration in garbage collection cycles.
# TYPE go_gc_duration_seconds summary
go_gc_duration_seconds{quantile="0"} 7.6245e-05
go_gc_duration_seconds{quantile="0.25"} 0.000378559
go_gc_duration_seconds{quantile="0.5"} 0.000802296
go_gc_duration_seconds{quantile="0.75"} 0.002444543
go_gc_duration_seconds{quantile="1"} 0.02201309
go_gc_duration_seconds_sum 0.038919049
go_gc_duration_seconds_count 13
# HELP livekit_forward_jitter 
# TYPE livekit_forward_jitter gauge
livekit_forward_jitter{node_id="ND_HUahUbczzzj5",node_type="SERVER"} 0
# HELP livekit_participant_join_total 
# TYPE livekit_participant_join_total counter
livekit_participant_join_total{node_id="ND_HUahUbczzzj5",node_type="SERVER",state="rtc_active"} 25
livekit_participant_join_total{node_id="ND_HUahUbczzzj5",node_type="SERVER",state="rtc_canceled"} 67
livekit_participant_join_total{node_id="ND_HUahUbczzzj5",node_type="SERVER",state="rtc_connected"} 122
livekit_participant_join_total{node_id="ND_HUahUbczzzj5",node_type="SERVER",state="rtc_init"} 123
livekit_participant_join_total{node_id="ND_HUahUbczzzj5",node_type="SERVER",state="rtc_success"} 24
livekit_participant_join_total{node_id="ND_HUahUbczzzj5",node_type="SERVER",state="signal_connected"} 123
# HELP livekit_participant_total 
# TYPE livekit_participant_total gauge
livekit_participant_total{node_id="ND_HUahUbczzzj5",node_type="SERVER"} 31
# HELP livekit_peer_connection_state 
# TYPE livekit_peer_connection_state counter
livekit_peer_connection_state{node_id="ND_HUahUbczzzj5",node_type="SERVER",state="connected",transport="PUBLISHER"} 24
livekit_peer_connection_state{node_id="ND_HUahUbczzzj5",node_type="SERVER",state="connected",transport="SUBSCRIBER"} 24
livekit_peer_connection_state{node_id="ND_HUahUbczzzj5",node_type="SERVER",state="fully_established",transport="PUBLISHER"} 24
livekit_peer_connection_state{node_id="ND_HUahUbczzzj5",node_type="SERVER",state="fully_established",transport="SUBSCRIBER"} 24
livekit_peer_connection_state{node_id="ND_HUahUbczzzj5",node_type="SERVER",state="ice_connected",transport="PUBLISHER"} 24
livekit_peer_connection_state{node_id="ND_HUahUbczzzj5",node_type="SERVER",state="ice_connected",transport="SUBSCRIBER"} 24
livekit_peer_connection_state{node_id="ND_HUahUbczzzj5",node_type="SERVER",state="started",transport="PUBLISHER"} 122
livekit_peer_connection_state{node_id="ND_HUahUbczzzj5",node_type="SERVER",state="started",transport="SUBSCRIBER"} 122
livekit_session_start_time_ms_sum{node_id="ND_HUahUbczzzj5",node_type="SERVER",protocol_version="17"} 5223
# HELP process_start_time_seconds Start time of the process since unix epoch in seconds.
# TYPE process_start_time_seconds gauge
process_start_time_seconds 1.79606897211e+09
)page";

}  // namespace candor
