/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * DTLS records and handshake headers.
 *
 * DTLS 1.2 record (RFC 6347 section 4.1), 13 bytes: type 1, version 2, epoch 2, sequence 6, length 2.
 * Handshake header (section 4.2.2), 12 bytes: type 1, length 3, message_seq 2, fragment offset 3, length 3.
 * DTLS 1.3 unified header (RFC 9147 section 4): first byte 001CSLEE, EE = low bits of the epoch
 * (2 handshake, 3 application); without the connection id's length the rest cannot be walked, and one
 * record is enough to know what the datagram is.
 */
#ifndef CANDOR_DTLS_H
#define CANDOR_DTLS_H

#include "bpf/bytes.h"
#include "bpf/packet.h"

#define CANDOR_DTLS_RECORD  13u
#define CANDOR_DTLS_RECORDS 8 /* records walked per datagram: a whole flight has 5 */

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
	CANDOR_HS_CLIENT_KEY = 16,
};

/* `h`: the first 4 bytes of a handshake header. */
CANDOR_INLINE __u32 candor_dtls_message(const __u8 *h)
{
	switch (h[0]) {
	case CANDOR_HS_CLIENT_HELLO:
		/* None is shorter than 38 bytes or longer than 64 KiB: most random bytes are. */
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

CANDOR_INLINE void candor_dtls_handshake(const struct candor_bytes *b, __u32 at, struct candor_packet *p)
{
	__u8 h[6];
	__u16 mark;

	p->flags |= CANDOR_P_HANDSHAKE;
	if (!p->hs)
		p->hs = 1;
	if (candor_load(b, at, h, sizeof(h))) /* cut by a snap length */
		return;
	p->flags |= candor_dtls_message(h);
	/* A stranger may write any number; more than 254 messages in a handshake mean nothing more. */
	mark = h[4] ? 255 : (__u16)(h[5] < 254 ? h[5] + 1 : 255);
	if (mark > p->hs)
		p->hs = mark;
}

CANDOR_INLINE void candor_dtls_record(const struct candor_bytes *b, __u32 at, const __u8 *h,
				      struct candor_packet *p)
{
	__u32 epoch = candor_be16(h + 3);
	__u8 alert[2];

	switch (h[0]) {
	case CANDOR_DTLS_HANDSHAKE:
		if (epoch)
			p->flags |= CANDOR_P_EPOCH;
		else
			candor_dtls_handshake(b, at + CANDOR_DTLS_RECORD, p);
		break;
	case CANDOR_DTLS_ALERT:
		p->flags |= CANDOR_P_ALERT;
		p->alert = CANDOR_ALERT_ENCRYPTED;
		if (!epoch && candor_load(b, at + CANDOR_DTLS_RECORD, alert, sizeof(alert)) == 0)
			p->alert = alert[1];
		break;
	case CANDOR_DTLS_DATA:
		p->flags |= CANDOR_P_DATA;
		break;
	case CANDOR_DTLS_CID: /* its true type is encrypted (RFC 9146), as in a unified header */
		p->flags |= CANDOR_P_UNIFIED | CANDOR_P_EPOCH | CANDOR_P_DATA;
		break;
	case CANDOR_DTLS_ACK:
		if (epoch)
			p->flags |= CANDOR_P_EPOCH;
		break;
	}
}

/* The first byte is 20-63. */
CANDOR_INLINE void candor_parse_dtls(const struct candor_bytes *b, __u32 offset, __u32 length,
				     struct candor_packet *p)
{
	__u8 h[CANDOR_DTLS_RECORD];
	__u32 at = offset, end = offset + length, i;

	p->kind = CANDOR_KIND_UNKNOWN;
	for (i = 0; i < CANDOR_DTLS_RECORDS; i++) {
		__u8 first;

		if (at >= end || candor_load(b, at, &first, 1))
			return;
		if (first >= 0x20 && first <= 0x3f) {
			p->kind = CANDOR_KIND_DTLS;
			p->flags |= CANDOR_P_UNIFIED | CANDOR_P_EPOCH;
			if ((first & 3) == 3)
				p->flags |= CANDOR_P_DATA;
			return;
		}
		if (first < CANDOR_DTLS_CCS || first > CANDOR_DTLS_ACK || at + CANDOR_DTLS_RECORD > end ||
		    candor_load(b, at, h, sizeof(h)))
			break;
		/* 0xFEFF is 1.0, 0xFEFD 1.2 and 1.3. */
		if (h[1] != 0xfe || (h[2] != 0xff && h[2] != 0xfd))
			break;
		p->kind = CANDOR_KIND_DTLS;
		candor_dtls_record(b, at, h, p);
		if (h[0] == CANDOR_DTLS_CID) /* the length's place depends on the connection id's */
			return;
		at += CANDOR_DTLS_RECORD + candor_be16(h + 11);
	}
	/* The first record decides what it is; what follows may be cut or unknown. */
	if (i == 0)
		p->kind = CANDOR_KIND_UNPARSED;
}

#endif /* CANDOR_DTLS_H */
