/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The content of one UDP datagram, as classify.h reads it and flow_step.h uses it. One struct for all kinds,
 * so that the state machine does not depend on bytes.
 */
#ifndef CANDOR_PACKET_H
#define CANDOR_PACKET_H

#include "bpf/abi.h"

enum candor_kind {
	CANDOR_KIND_UNKNOWN = 0,
	CANDOR_KIND_STUN,
	CANDOR_KIND_ZRTP,
	CANDOR_KIND_DTLS,
	CANDOR_KIND_CHANNEL_DATA,
	CANDOR_KIND_QUIC,
	CANDOR_KIND_RTP,      /* or SRTP: the header is the same */
	CANDOR_KIND_RTCP,     /* or SRTCP */
	CANDOR_KIND_UNPARSED, /* begins like a known kind, but is malformed */
};

/* candor_packet.flags */
#define CANDOR_P_USERNAME      (1u << 0) /* STUN USERNAME with a colon */
#define CANDOR_P_INTEGRITY     (1u << 1) /* MESSAGE-INTEGRITY or MESSAGE-INTEGRITY-SHA256 */
#define CANDOR_P_USE_CANDIDATE (1u << 2)
#define CANDOR_P_SPED	       (1u << 3) /* DTLS in STUN */
#define CANDOR_P_ATTRS_CUT     (1u << 4) /* more attributes than CANDOR_STUN_ATTRS */
#define CANDOR_P_USERNAME_CUT  (1u << 5) /* longer than CANDOR_USERNAME_READ */
#define CANDOR_P_HANDSHAKE     (1u << 6) /* plaintext DTLS handshake record (epoch 0) */
#define CANDOR_P_CLIENT_HELLO  (1u << 7)
#define CANDOR_P_VERIFY_REQUEST                                                                              \
	(1u << 8) /* HelloVerifyRequest or HelloRetryRequest: stateless, acknowledges nothing */
#define CANDOR_P_EPOCH	    (1u << 9) /* protected record, except ACKs and alerts of epoch 2 */
#define CANDOR_P_DATA	    (1u << 10) /* application data, or encrypted type, neither ACK nor alert (dtls.h) */
#define CANDOR_P_ALERT	    (1u << 11) /* fatal alert or close_notify */
#define CANDOR_P_UNIFIED    (1u << 12) /* DTLS 1.3 unified header or CID record: encrypted type */
#define CANDOR_P_INNER	    (1u << 13) /* from a TURN envelope; all other fields describe the inner packet */
#define CANDOR_P_CHANNEL    (1u << 14) /* the envelope is ChannelData */
#define CANDOR_P_INDICATION (1u << 15) /* the envelope is a Send or Data indication */
#define CANDOR_P_RELEASE    (1u << 16) /* LIFETIME 0: end of the allocation (RFC 8656 section 8) */
#define CANDOR_P_KEYS	    (1u << 17) /* Certificate or ClientKeyExchange: from a client, its second flight */
#define CANDOR_P_TICKET	    (1u << 18) /* NewSessionTicket: in the last flight of a server */

/* Records of encrypted type (dtls.h). */
#define CANDOR_P_EPOCH2                                                                                      \
	(1u << 19) /* DTLS 1.3: a handshake record of epoch 2; ACKs are excluded by length                   \
		    */
#define CANDOR_P_TRAFFIC   (1u << 20) /* DTLS 1.3: a record of epoch 3 of any type */
#define CANDOR_P_REKEYED   (1u << 21) /* DTLS 1.3: epoch bits 0 or 1: after a KeyUpdate, or early data */
#define CANDOR_P_ACK	   (1u << 22) /* by length an ACK (RFC 9147 section 7) or a KeyUpdate */
#define CANDOR_P_SCTP	   (1u << 23) /* by length an SCTP packet */
#define CANDOR_P_UNSURE	   (1u << 24) /* unknown length: behind a connection id of unknown length */
#define CANDOR_P_EXACT	   (1u << 25) /* records and datagram end together */
#define CANDOR_P_CCS	   (1u << 26) /* with a ChangeCipherSpec: part of a handshake flight */
#define CANDOR_P_SPED_DONE (1u << 27) /* DTLS in STUN: acknowledges a packet and has none to send */
#define CANDOR_P_DOUBT	   (1u << 28) /* RTP or RTCP with an inconsistent header (rtp.h) */
#define CANDOR_P_HS_END	   (1u << 29) /* the end of a plaintext message that is the last one of its flight */
#define CANDOR_P_REPORT	   (1u << 30) /* unencrypted RTCP with a sender or receiver report (rtcp.h) */

/* STUN classes and methods (RFC 8489 section 5: bits 4 and 8 of the type are the class). TURN's methods are
 * those of RFC 8656 section 17. */
#define CANDOR_STUN_REQUEST  0x0000
#define CANDOR_STUN_SUCCESS  0x0100
#define CANDOR_STUN_ERROR    0x0110
#define CANDOR_STUN_CLASS    0x0110
#define CANDOR_STUN_BINDING  0x0001
#define CANDOR_TURN_ALLOCATE 0x0003
#define CANDOR_TURN_REFRESH  0x0004
#define CANDOR_TURN_PERMIT   0x0008
#define CANDOR_TURN_CHANNEL  0x0009
#define CANDOR_TURN_SEND     0x16 /* low byte of the indications' types, whose high byte is 0 */
#define CANDOR_TURN_DATA     0x17

#define CANDOR_USERNAME_READ 128u /* bytes of USERNAME read; a power of two for the verifier */

struct candor_packet {
	__u64 ufrag_hash; /* of USERNAME with the node's half first; never 0 when CANDOR_P_USERNAME */
	__u32 txid;	  /* hash of the transaction id; never 0 in a STUN message */
	__u32 ssrc;
	__u32 rtp_time; /* RTP timestamp */
	__u32 highest;	/* of CANDOR_P_REPORT: the sum of its highest sequence numbers; 0: nothing received */
	__u32 relay_head[2]; /* first 4 bytes of the same addresses, host byte order */
	__u32 flags;	     /* CANDOR_P_* */
	__u16 segments;	     /* >= 1 */
	__u16 stun_type;
	__u16 stun_error; /* ERROR-CODE as a number, 0: none */
	__u16 rtp_seq;
	__u16 hs;      /* 1 + highest plaintext handshake message_seq of the datagram; 0: none */
	__u16 hs_from; /* the same of the datagram's first message; of one whose beginning came before, +1 */
	__u16 relay_port[2]; /* of XOR-RELAYED-ADDRESS, IPv4 and IPv6; 0: none */
	__u8 kind;	     /* enum candor_kind */
	__u8 alert;
	__u8 rtp_type; /* RTP payload type, without the marker */
	__u8 ufrag_len;
	__u8 ufrag_text[CANDOR_UFRAG_TEXT];
	/* Working memory of the parser. Not on the stack, because the verifier tracks every value there. Need
	 * not be zeroed; nothing else reads it. */
	__u32 walk;    /* CANDOR_RELOAD_VALUE() */
	__u16 sped_at; /* DTLS inside a STUN attribute: offset from the IP header */
	__u16 sped_length;
	__u16 node_from; /* the two halves in `name` */
	__u16 node_length;
	__u16 peer_from;
	__u16 peer_length;
	__u8 name[CANDOR_USERNAME_READ];
};

#endif /* CANDOR_PACKET_H */
