# SPDX-License-Identifier: Apache-2.0
"""Recorded stories (tests/data/captures) and what is right to say of each."""
from pathlib import Path

from scenes.scene import Scenes

FOLDER = Path(__file__).resolve().parent.parent / "data/captures"

scenes = Scenes()


def story(file, **right):
    scenes.add(file, FOLDER / f"{file}.pcap", **right)


# The node sends nothing after its ACK, from 30 s on.
story("mute_after_handshake_dtls13", attempts=70, active=30, failing_by=39, trouble_after=30)
story("mute_after_handshake_dtls12", attempts=70, active=30, failing_by=39, trouble_after=30)
story("one_mute_after_ack", attempts=1, active=0, phase="secured", waiting_on="node")
# Every sixth participant sends no media yet: the peer's ACK asks for nothing.
story("every_sixth_quiet_dtls13", healthy=True)
story("every_sixth_quiet_dtls12", healthy=True)
story("one_quiet_after_ack", attempts=1, active=0, phase="secured", waiting_on="none")
# Forty calls run on, ten participants only keep consent: nobody is new.
story("begins_midcall_quiet_participants", calm=True)
# SPED and SNAP: the handshake in STUN, then data in, out, in.
story("dtls_in_stun_data_only", attempts=16, active=16)
story("sip_hold_without_rtcp", attempts=16, active=16, early_drop=0, calm=True)
story("early_media_in_only", attempts=14, active=14, stalled=0, calm=True)
story("early_media_out_only", attempts=4, active=4, left=0)
story("warning_alerts", attempts=24, active=24, refused=0, healthy=True)
# The node repeats its flight, the peer acknowledges only in epoch 2.
story("dtls13_flight_repeated_acks_only", attempts=1, active=0, phase="nominated")
story("node_401_to_all", trouble_by=60, trouble_after=30)
story("one_ufrag_for_all", attempts=60, active=30, trouble_by=40, trouble_after=30)
story("recorder_in_only", stalled=0, calm=True)
story("close_notify_after_handshake", attempts=1, left=1, refused=0)
story("ice_restart_quiet", healthy=True)
story("noise_like_rtp", attempts=0)
story("impossible_timestamp", attempts=3, active=3)
# What cannot be judged says why.
story("no_payload", refused_with="payload")
story("one_direction", refused_with="no packet of the node")
