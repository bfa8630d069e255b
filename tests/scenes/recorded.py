# SPDX-License-Identifier: Apache-2.0
"""Recorded captures (tests/data/captures) and the expected result of each."""
from pathlib import Path

from scenes.scene import Scenes

FOLDER = Path(__file__).resolve().parent.parent / "data/captures"

scenes = Scenes()


def expect(file, **right):
    scenes.add(file, FOLDER / f"{file}.pcap", **right)


# The node sends nothing after its ACK, from 30 s on.
expect("mute_after_handshake_dtls13", attempts=70, active=30, failing_by=39, harmed_after=30)
expect("mute_after_handshake_dtls12", attempts=70, active=30, failing_by=39, harmed_after=30)
expect("one_mute_after_ack", attempts=1, active=0, phase="secured", waiting_on="node")
# Every sixth participant sends no media yet: the peer's ACK asks for nothing.
expect("every_sixth_quiet_dtls13", healthy=True)
expect("every_sixth_quiet_dtls12", healthy=True)
expect("one_quiet_after_ack", attempts=1, active=0, phase="secured", waiting_on="none")
# Forty calls continue, ten participants only keep consent: no attempt is new.
expect("begins_midcall_quiet_participants", calm=True)
# SPED and SNAP: the handshake in STUN, then data in, out, in.
expect("dtls_in_stun_data_only", attempts=16, active=16)
expect("sip_hold_without_rtcp", attempts=16, active=16, early_drop=0, calm=True)
expect("early_media_in_only", attempts=14, active=14, stalled=0, calm=True)
expect("early_media_out_only", attempts=4, active=4, left=0)
expect("warning_alerts", attempts=24, active=24, refused=0, healthy=True)
# The node repeats its flight, the peer acknowledges only in epoch 2.
expect("dtls13_flight_repeated_acks_only", attempts=1, active=0, phase="nominated")
expect("node_401_to_all", harmed_by=60, harmed_after=30)
expect("one_ufrag_for_all", attempts=60, active=30, harmed_by=40, harmed_after=30)
expect("recorder_in_only", stalled=0, calm=True)
expect("close_notify_after_handshake", attempts=1, left=1, refused=0)
expect("ice_restart_quiet", healthy=True)
expect("noise_like_rtp", attempts=0)
expect("impossible_timestamp", attempts=3, active=3)
# What cannot be judged says why.
expect("no_payload", refused_with="payload")
expect("one_direction", refused_with="no packet from the node")
