/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * DTLS records and handshake headers.
 *
 * DTLS 1.2 record (RFC 6347 section 4.1), 13 bytes: type 1, version 2, epoch 2, sequence 6, length 2. With a
 * connection id (RFC 9146, type 25) the id stands before the length, and the true type is encrypted.
 * Handshake header (section 4.2.2), 12 bytes: type 1, length 3, message_seq 2, fragment offset 3, length 3.
 *
 * DTLS 1.3 record (RFC 9147 section 4): first byte 001CSLEE, [connection id], sequence number of 1 or 2 bytes
 * (S), [length] (L). EE = low bits of the epoch: 2 handshake, 3 what follows it, 0 and 1 after a KeyUpdate.
 * The type is encrypted. It is inferred from the length, because content is not padded in practice and is
 * followed by one byte of type and a tag of 16 bytes (8 with AES-CCM-8; 16 bytes at least, section 4.2.3):
 *
 *   alert                          2 bytes of content                 19, or 16
 *   ACK (section 7)                2 + 16 for each record             35, 51, ... or 27, 43, ...
 *   KeyUpdate                      12 + 1                             30, or 22
 *   SCTP (RFC 8261)                a multiple of 4, at least 16       4 n + 1
 *   NewSessionTicket               any, sent by the server with its last ACK (flow_dtls.h)
 *
 * Not recognised: data other than SCTP with the length of one of the first three; a NewSessionTicket with the
 * length of an SCTP packet; padded records; the level of an alert; the length behind a connection id unless
 * one record fills the datagram. ACKs longer than CANDOR_ACK_MAX do not occur: a flight has few records.
 *
 * Tested in tests/flow/dtls_wire_test.cc and tests/flow/dtls_scenarios_test.cc.
 */
#ifndef CANDOR_DTLS_H
#define CANDOR_DTLS_H

#include "bpf/bytes.h"
#include "bpf/packet.h"

#define CANDOR_DTLS_RECORD  13u
#define CANDOR_DTLS_RECORDS 8	 /* records read per datagram: a complete flight has 5 */
#define CANDOR_DTLS_CID_MAX 20	 /* bytes of a connection id that are tried */
#define CANDOR_ACK_MAX	    531u /* 32 records */
/* The first 4 bytes of the random of a HelloRetryRequest (RFC 8446 section 4.1.3), which is a ServerHello. */
#define CANDOR_RETRY_RANDOM 0xcf21ad74u
#define CANDOR_RANDOM_AT    14u /* handshake header and version */
#define CANDOR_FRAGMENT_AT  6u	/* in the handshake header */

enum {
	CANDOR_DTLS_CCS = 20,
	CANDOR_DTLS_ALERT = 21,
	CANDOR_DTLS_HANDSHAKE = 22,
	CANDOR_DTLS_DATA = 23,
	CANDOR_DTLS_HEARTBEAT = 24,
	CANDOR_DTLS_CID = 25,
	CANDOR_DTLS_ACK = 26,
};

/* Handshake types of DTLS 1.2 (RFC 5246 section 7.4, RFC 5077 section 3.3). */
enum {
	CANDOR_HS_CLIENT_HELLO = 1,
	CANDOR_HS_SERVER_HELLO = 2,
	CANDOR_HS_VERIFY_REQUEST = 3,
	CANDOR_HS_TICKET = 4,
	CANDOR_HS_CERTIFICATE = 11,
	CANDOR_HS_SERVER_DONE = 14,
	CANDOR_HS_CLIENT_KEY = 16,
};

/* `h`: the first 4 bytes of a handshake header. */
CANDOR_INLINE __u32 candor_dtls_message(const __u8 *h)
{
	switch (h[0]) {
	case CANDOR_HS_CLIENT_HELLO:
		/* 38 bytes to 64 KiB: excludes most random data. */
		return !h[1] && (h[2] || h[3] >= 38) ? CANDOR_P_CLIENT_HELLO : 0;
	case CANDOR_HS_VERIFY_REQUEST:
		return CANDOR_P_VERIFY_REQUEST;
	case CANDOR_HS_TICKET:
		return CANDOR_P_TICKET;
	case CANDOR_HS_CERTIFICATE:
	case CANDOR_HS_CLIENT_KEY:
		return CANDOR_P_KEYS;
	}
	return 0;
}

/* A flight ends with a ServerHelloDone, or is one message alone: ClientHello, HelloVerifyRequest. Its other
 * ends are protected. */
CANDOR_INLINE int candor_ends_flight(const struct candor_packet *p, __u8 type)
{
	return type == CANDOR_HS_CLIENT_HELLO || type == CANDOR_HS_SERVER_DONE ||
	       (p->flags & CANDOR_P_VERIFY_REQUEST);
}

/* Where the message's fragment begins and ends in it. `h`: the first 4 bytes of the handshake header. */
CANDOR_INLINE void candor_dtls_fragment(const struct candor_bytes *b, __u32 at, const __u8 *h, __u16 mark,
					struct candor_packet *p)
{
	__u32 from, to;
	__u8 span[6];

	if (candor_load(b, at + CANDOR_FRAGMENT_AT, span, sizeof(span))) /* cut by a snap length */
		return;
	from = (__u32)span[0] << 16 | candor_be16(span + 1);
	to = from + ((__u32)span[3] << 16 | candor_be16(span + 4));
	if (!p->hs_from)
		p->hs_from = (__u16)(mark + (from != 0));
	if (to >= ((__u32)h[1] << 16 | candor_be16(h + 2)) && candor_ends_flight(p, h[0]))
		p->flags |= CANDOR_P_HS_END;
}

CANDOR_INLINE void candor_dtls_handshake(const struct candor_bytes *b, __u32 at, struct candor_packet *p)
{
	__u8 h[6], random[4];
	__u16 mark;

	p->flags |= CANDOR_P_HANDSHAKE;
	if (!p->hs)
		p->hs = 1;
	if (candor_load(b, at, h, sizeof(h))) /* cut by a snap length */
		return;
	p->flags |= candor_dtls_message(h);
	if (h[0] == CANDOR_HS_SERVER_HELLO &&
	    candor_load(b, at + CANDOR_RANDOM_AT, random, sizeof(random)) == 0 &&
	    candor_be32(random) == CANDOR_RETRY_RANDOM)
		p->flags |= CANDOR_P_VERIFY_REQUEST;
	/* The number comes from the network: 255 stands for all from 254 on. */
	mark = h[4] ? 255 : (__u16)(h[5] < 254 ? h[5] + 1 : 255);
	if (mark > p->hs)
		p->hs = mark;
	candor_dtls_fragment(b, at, h, mark, p);
}

/* A warning (level 1, RFC 5246 section 7.2) does not end the connection; among them only close_notify means
 * that the sender has left. */
CANDOR_INLINE void candor_dtls_alert(const struct candor_bytes *b, __u32 at, __u32 epoch,
				     struct candor_packet *p)
{
	__u8 alert[2];

	if (!epoch) {
		if (candor_load(b, at, alert, sizeof(alert))) /* cut by a snap length */
			return;
		if (alert[0] == 1 && alert[1] != 0)
			return;
		p->alert = alert[1];
	} else {
		p->alert = CANDOR_ALERT_ENCRYPTED;
	}
	p->flags |= CANDOR_P_ALERT;
}

CANDOR_INLINE void candor_dtls_record(const struct candor_bytes *b, __u32 at, const __u8 *h,
				      struct candor_packet *p)
{
	__u32 epoch = candor_be16(h + 3);

	switch (h[0]) {
	case CANDOR_DTLS_CCS:
		p->flags |= CANDOR_P_CCS;
		break;
	case CANDOR_DTLS_HANDSHAKE:
		if (epoch)
			p->flags |= CANDOR_P_EPOCH;
		else
			candor_dtls_handshake(b, at + CANDOR_DTLS_RECORD, p);
		break;
	case CANDOR_DTLS_ALERT:
		candor_dtls_alert(b, at + CANDOR_DTLS_RECORD, epoch, p);
		break;
	case CANDOR_DTLS_DATA:
		p->flags |= CANDOR_P_DATA;
		break;
	}
}

CANDOR_INLINE void candor_encrypted_alert(struct candor_packet *p)
{
	p->alert = CANDOR_ALERT_ENCRYPTED;
	p->flags |= CANDOR_P_ALERT;
}

/* A record of DTLS 1.2 with a connection id: 8 bytes of nonce are sent with AES-GCM and AES-CCM, none with
 * ChaCha20; the alert of AES-CCM-8 is as long as that of ChaCha20. */
CANDOR_INLINE void candor_encrypted_12(__u32 length, struct candor_packet *p)
{
	p->flags |= CANDOR_P_UNIFIED | CANDOR_P_EPOCH;
	if (length == 27 || length == 19)
		candor_encrypted_alert(p);
	else
		p->flags |= CANDOR_P_DATA;
}

/* A record of DTLS 1.3; `epoch` is its two bits. */
CANDOR_INLINE void candor_encrypted_13(__u32 epoch, __u32 length, struct candor_packet *p)
{
	__u32 rest = length & 15, flags = CANDOR_P_UNIFIED;

	if (epoch == 3)
		flags |= CANDOR_P_EPOCH | CANDOR_P_TRAFFIC;
	else if (epoch != 2)
		flags |= CANDOR_P_REKEYED;
	if (length == 19 || length == 16)
		candor_encrypted_alert(p);
	else if ((length <= CANDOR_ACK_MAX && (rest == 3 || rest == 11)) ||
		 (epoch != 2 && (length == 30 || length == 22)))
		flags |= CANDOR_P_ACK;
	else if (epoch == 2)
		flags |= CANDOR_P_EPOCH | CANDOR_P_EPOCH2;
	else
		flags |= CANDOR_P_DATA | ((length & 3) == 1 ? CANDOR_P_SCTP : 0);
	p->flags |= flags;
}

CANDOR_INLINE void candor_encrypted(__u8 first, __u32 length, struct candor_packet *p)
{
	if (first == CANDOR_DTLS_CID)
		candor_encrypted_12(length, p);
	else
		candor_encrypted_13(first & 3, length, p);
}

/* A record with a connection id: `first` is its first byte, `at` the offset of the id. The packet does not
 * contain the id's length: it is the one with which record and datagram end together. */
CANDOR_INLINE void candor_dtls_cid(const struct candor_bytes *b, __u32 at, __u32 end, __u8 first,
				   struct candor_packet *p)
{
	__u32 has_length = first == CANDOR_DTLS_CID || (first & 4), i;
	__u8 h[2];

	for (i = 1; has_length && i <= CANDOR_DTLS_CID_MAX; i++) {
		if (at + i + 2 > end)
			break;
		if (candor_load(b, at + i, h, sizeof(h))) /* cut by a snap length */
			return;
		if (at + i + 2 + candor_be16(h) == end) {
			p->flags |= CANDOR_P_EXACT;
			candor_encrypted(first, candor_be16(h), p);
			return;
		}
	}
	/* A length that no ACK and no alert has. */
	candor_encrypted(first, 0, p);
	p->flags |= CANDOR_P_UNSURE;
}

/* A unified header without a connection id at `at`. Returns the offset of the next record, 0 when this one
 * does not fit into the datagram. */
CANDOR_INLINE __u32 candor_dtls_unified(const struct candor_bytes *b, __u32 at, __u32 end, __u8 first,
					struct candor_packet *p)
{
	__u32 length;
	__u8 h[2];

	at += first & 8 ? 3 : 2;
	if (first & 4) {
		if (at + 2 > end || candor_load(b, at, h, sizeof(h)))
			return 0;
		at += 2;
		length = candor_be16(h);
	} else {
		length = end - at;
	}
	if (at >= end || length < 16 || length > end - at)
		return 0;
	candor_encrypted_13(first & 3, length, p);
	return at + length;
}

/* The first byte is 20-63. */
CANDOR_INLINE void candor_parse_dtls(const struct candor_bytes *b, __u32 offset, __u32 length,
				     struct candor_packet *p)
{
	__u8 h[CANDOR_DTLS_RECORD], first = 0;
	__u32 at = offset, end = offset + length, cid_at = 0, i;

	p->kind = CANDOR_KIND_UNKNOWN;
	for (i = 0; i < CANDOR_DTLS_RECORDS; i++) {
		CANDOR_RELOAD_VALUE(at, p->walk);
		if (at >= end || candor_load(b, at, &first, 1))
			break;
		if (first >= 0x20 && first <= 0x3f) {
			if (first & 0x10) {
				cid_at = at + (first & 8 ? 3 : 2);
				break;
			}
			at = candor_dtls_unified(b, at, end, first, p);
			if (!at)
				return; /* probably text: unknown unless a record came before */
			p->kind = CANDOR_KIND_DTLS;
			continue;
		}
		if (first < CANDOR_DTLS_CCS || first > CANDOR_DTLS_ACK || at + CANDOR_DTLS_RECORD > end ||
		    candor_load(b, at, h, sizeof(h)))
			break;
		/* 0xFEFF is 1.0, 0xFEFD 1.2 and 1.3. */
		if (h[1] != 0xfe || (h[2] != 0xff && h[2] != 0xfd))
			break;
		p->kind = CANDOR_KIND_DTLS;
		if (first == CANDOR_DTLS_CID) {
			cid_at = at + CANDOR_DTLS_RECORD - 2;
			break;
		}
		candor_dtls_record(b, at, h, p);
		at += CANDOR_DTLS_RECORD + candor_be16(h + 11);
	}
	CANDOR_RELOAD_VALUE(at, p->walk);
	if (cid_at) {
		CANDOR_RELOAD_VALUE(cid_at, p->walk);
		p->kind = CANDOR_KIND_DTLS;
		candor_dtls_cid(b, cid_at, end, first, p);
	} else if (at == end) {
		p->flags |= CANDOR_P_EXACT;
	} else if (i == 0) {
		/* The first record determines the kind; what follows may be cut or unknown. */
		p->kind = CANDOR_KIND_UNPARSED;
	}
}

#endif /* CANDOR_DTLS_H */
