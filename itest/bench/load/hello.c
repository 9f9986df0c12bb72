// SPDX-License-Identifier: Apache-2.0
// Writes a ClientHello (RFC 8446 §4.1.2) that every proxy takes for one; nobody ever answers it.
#include "load.h"

#include <string.h>

#define MESSAGE_BYTES 512 // with its handshake header, as RFC 7685 pads it

struct writer {
    uint8_t *at;
};

static void u8(struct writer *w, unsigned v) {
    *w->at++ = (uint8_t)v;
}

static void u16(struct writer *w, unsigned v) {
    u8(w, v >> 8);
    u8(w, v & 0xff);
}

static void bytes(struct writer *w, const void *from, size_t n) {
    memcpy(w->at, from, n);
    w->at += n;
}

static void filler(struct writer *w, size_t n) {
    for (size_t i = 0; i < n; i++) {
        u8(w, (unsigned)(i * 37 + 11) & 0xff);
    }
}

static void extension(struct writer *w, unsigned type, const uint8_t *data, unsigned n) {
    u16(w, type);
    u16(w, n);
    bytes(w, data, n);
}

static void server_name(struct writer *w, const char *name) {
    unsigned n = (unsigned)strlen(name);
    u16(w, 0);
    u16(w, n + 5);
    u16(w, n + 3);
    u8(w, 0);
    u16(w, n);
    bytes(w, name, n);
}

size_t client_hello(const char *name, uint8_t *out, size_t room) {
    static const uint8_t suites[] = {0x13, 0x01, 0x13, 0x02, 0x13, 0x03, 0xc0, 0x2b, 0xc0, 0x2f, 0xc0, 0x2c, 0xc0, 0x30};
    static const uint8_t groups[] = {0, 4, 0, 29, 0, 23};
    static const uint8_t alpn[] = {0, 12, 2, 'h', '2', 8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    static const uint8_t signatures[] = {0, 8, 4, 3, 8, 4, 4, 1, 8, 6};
    static const uint8_t versions[] = {4, 3, 4, 3, 3};
    if (room < MESSAGE_BYTES + 5 || strlen(name) > 253) {
        return 0;
    }
    struct writer w = {out};
    u8(&w, 22);
    u16(&w, 0x0301);
    u16(&w, MESSAGE_BYTES);
    u8(&w, 1);
    u8(&w, 0);
    u16(&w, MESSAGE_BYTES - 4);
    u16(&w, 0x0303);
    filler(&w, 32);
    u8(&w, 32);
    filler(&w, 32);
    u16(&w, sizeof suites);
    bytes(&w, suites, sizeof suites);
    u8(&w, 1);
    u8(&w, 0);
    uint8_t *length = w.at;
    u16(&w, 0);
    server_name(&w, name);
    extension(&w, 10, groups, sizeof groups);
    extension(&w, 16, alpn, sizeof alpn);
    extension(&w, 13, signatures, sizeof signatures);
    extension(&w, 43, versions, sizeof versions);
    u16(&w, 51);
    u16(&w, 38);
    u16(&w, 36);
    u16(&w, 29);
    u16(&w, 32);
    filler(&w, 32);
    unsigned padding = (unsigned)(out + 5 + MESSAGE_BYTES - w.at - 4);
    u16(&w, 21);
    u16(&w, padding);
    memset(w.at, 0, padding);
    w.at += padding;
    struct writer l = {length};
    u16(&l, (unsigned)(w.at - length - 2));
    return (size_t)(w.at - out);
}
