// SPDX-License-Identifier: Apache-2.0
// Datagrams of many clients, which the backend sends back or only counts. A client is an address of 127.0.0.0/8 on one socket, so that
// thousands of them cost this program no more than one. Each answer must come to the address that sent what it answers. Without a rate so
// many are under way at once; with one they are due at fixed times, and a latency counts from then.
#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_MESSAGES 64
#define SINGLE_BYTES 2048
#define TRAIN_BYTES 65536
#define SOCKET_BYTES (16 << 20)
#define UNDER_WAY 256             // datagrams without a rate
#define LOST_AFTER 50000000u      // nanoseconds in which nothing came of those
#define QUIET 500000000u          // nanoseconds without any after which all have come
#define ADDRESSES_A_BLOCK 250
#define FIRST_CLIENT 0x7f010001u  // 127.1.0.1
#define FIRST_FORGED 0x7f800001u  // 127.128.0.1
#define FORGED_BYTES 64

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

// At the beginning of each datagram.
struct mark {
    uint32_t client;
    uint32_t turn;
    uint64_t due;
};

// Messages of one system call; a message is one datagram, or a train of them that the kernel cuts.
struct box {
    struct mmsghdr messages[MAX_MESSAGES];
    struct iovec vectors[MAX_MESSAGES];
    struct sockaddr_in peers[MAX_MESSAGES];
    _Alignas(struct cmsghdr) char control[MAX_MESSAGES][128];
    uint8_t *bytes;
    int room; // messages
    size_t slot;
};

struct run {
    const struct options *options;
    struct box out;
    struct box in;
    struct latencies times;
    int fd;
    uint64_t began; // when samples begin
    uint64_t sent;
    uint64_t answered;
    uint64_t given_up;
    uint64_t turn;
    uint64_t forged;
};

static void prepare(struct box *b, const struct options *o) {
    b->slot = o->train > 1 ? TRAIN_BYTES : SINGLE_BYTES;
    b->room = o->train > 1 ? MAX_MESSAGES / 4 : MAX_MESSAGES;
    b->bytes = calloc((size_t)b->room, b->slot);
    if (!b->bytes) {
        die("calloc");
    }
    for (int i = 0; i < b->room; i++) {
        b->vectors[i].iov_base = b->bytes + (size_t)i * b->slot;
        b->messages[i].msg_hdr = (struct msghdr){.msg_name = &b->peers[i], .msg_iov = &b->vectors[i], .msg_iovlen = 1};
    }
}

static int receive(struct box *b, int fd, int flags) {
    for (int i = 0; i < b->room; i++) {
        struct msghdr *m = &b->messages[i].msg_hdr;
        b->vectors[i].iov_len = b->slot;
        m->msg_namelen = sizeof b->peers[i];
        m->msg_control = b->control[i];
        m->msg_controllen = sizeof b->control[i];
    }
    return recvmmsg(fd, b->messages, (unsigned)b->room, flags, NULL);
}

// Length of the datagrams of a message, and the address that it was sent to.
static size_t segment(struct mmsghdr *m, uint32_t *asked) {
    size_t length = m->msg_len;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&m->msg_hdr); c; c = CMSG_NXTHDR(&m->msg_hdr, c)) {
        if (c->cmsg_level == SOL_UDP && c->cmsg_type == UDP_GRO) {
            int cut;
            memcpy(&cut, CMSG_DATA(c), sizeof cut);
            length = cut > 0 ? (size_t)cut : length;
        } else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(c), sizeof info);
            *asked = ntohl(info.ipi_addr.s_addr);
        }
    }
    return length;
}

static struct cmsghdr *add(struct msghdr *m, int level, int type, const void *value, size_t length) {
    struct cmsghdr *c = (struct cmsghdr *)((char *)m->msg_control + m->msg_controllen);
    c->cmsg_level = level;
    c->cmsg_type = type;
    c->cmsg_len = CMSG_LEN(length);
    memcpy(CMSG_DATA(c), value, length);
    m->msg_controllen += CMSG_SPACE(length);
    return c;
}

static void send_all(int fd, struct mmsghdr *messages, int count) {
    for (int sent = 0; sent < count;) {
        int n = sendmmsg(fd, messages + sent, (unsigned)(count - sent), 0);
        if (n < 0 && (errno == ECONNREFUSED || errno == EAGAIN || errno == EPERM)) {
            // What another one of this socket has met; nothing of these has gone.
            continue;
        }
        if (n <= 0) {
            die("sendmmsg");
        }
        sent += n;
    }
}

// Bound to an address and port, with room for what comes while others have the processor.
int datagram_socket(uint32_t address, int port) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), bytes = SOCKET_BYTES, on = 1;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(address)};
    if (fd < 0 || setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on)) {
        die("socket of datagrams");
    }
    // The second is for others than root, who get what the system gives.
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes)) {
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    }
    if (bind(fd, (struct sockaddr *)&a, sizeof a)) {
        die("bind of datagrams");
    }
    return fd;
}

static void in_trains(int fd, const struct options *o) {
    int on = 1;
    if (o->train > 1 && setsockopt(fd, SOL_UDP, UDP_GRO, &on, sizeof on)) {
        die("UDP_GRO");
    }
}

// The backend: sends back what it gets (way R), or only counts it.
static void serve_datagrams(const struct options *o, int fd) {
    static struct box box;
    prepare(&box, o);
    in_trains(fd, o);
    if (o->flood_listen) {
        // Nobody reads it: what it has no room for is none of the measure.
        datagram_socket(INADDR_LOOPBACK, o->flood_listen);
    }
    for (;;) {
        int n = receive(&box, fd, MSG_WAITFORONE);
        uint64_t datagrams = 0;
        for (int i = 0; i < n; i++) {
            struct mmsghdr *m = &box.messages[i];
            uint32_t asked;
            size_t length = segment(m, &asked);
            datagrams += length ? (m->msg_len + length - 1) / length : 1;
            box.vectors[i].iov_len = m->msg_len;
            m->msg_hdr.msg_controllen = 0;
            if (m->msg_len > length) {
                uint16_t cut = (uint16_t)length;
                add(&m->msg_hdr, SOL_UDP, UDP_SEGMENT, &cut, sizeof cut);
            }
        }
        atomic_fetch_add(&shared->received, datagrams);
        if (n > 0 && o->way == 'R') {
            send_all(fd, box.messages, n);
        }
    }
}

static uint32_t address(uint32_t first, uint64_t number) {
    return first + (uint32_t)(number / ADDRESSES_A_BLOCK * 256 + number % ADDRESSES_A_BLOCK);
}

static struct sockaddr_in loopback_at(int port) {
    return (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void addressed(struct box *b, int i, uint32_t from, int port) {
    struct msghdr *m = &b->messages[i].msg_hdr;
    struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl(from)};
    b->peers[i] = loopback_at(port);
    m->msg_namelen = sizeof b->peers[i];
    m->msg_control = b->control[i];
    m->msg_controllen = 0;
    add(m, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
}

// Sends the next of as many clients; each sends a train.
static void ask(struct run *r, int clients, uint64_t due, double step) {
    const struct options *o = r->options;
    for (int i = 0; i < clients; i++) {
        uint64_t client = r->turn % (uint64_t)o->streams;
        uint8_t *bytes = r->out.vectors[i].iov_base;
        for (int k = 0; k < o->train; k++) {
            struct mark m = {(uint32_t)client, (uint32_t)r->turn, due + (uint64_t)(step * (double)(i * o->train))};
            memcpy(bytes + (size_t)k * (size_t)o->size, &m, sizeof m);
        }
        addressed(&r->out, i, address(FIRST_CLIENT, client), o->connect_port);
        r->out.vectors[i].iov_len = (size_t)o->train * (size_t)o->size;
        if (o->train > 1) {
            uint16_t cut = (uint16_t)o->size;
            add(&r->out.messages[i].msg_hdr, SOL_UDP, UDP_SEGMENT, &cut, sizeof cut);
        }
        r->turn++;
    }
    send_all(r->fd, r->out.messages, clients);
    r->sent += (uint64_t)clients * (uint64_t)o->train;
}

// Takes what is there; tells how many answers that was.
static uint64_t hear(struct run *r) {
    const struct options *o = r->options;
    uint64_t heard = 0, at = 0;
    int n = receive(&r->in, r->fd, MSG_DONTWAIT);
    for (int i = 0; i < n; i++) {
        struct mmsghdr *m = &r->in.messages[i];
        uint32_t asked = 0;
        size_t length = segment(m, &asked);
        uint8_t *bytes = r->in.vectors[i].iov_base;
        at = at ? at : now();
        for (size_t k = 0; length && k < m->msg_len; k += length) {
            struct mark of;
            memcpy(&of, bytes + k, sizeof of);
            if (length != (size_t)o->size || address(FIRST_CLIENT, of.client) != asked) {
                atomic_fetch_add(&shared->wrong, 1);
            }
            if (o->rate > 0 && r->began && of.due >= r->began) {
                remember(&r->times, at - of.due);
            }
            heard++;
        }
    }
    r->answered += heard;
    return heard;
}

static void pause_until(struct run *r, uint64_t until) {
    uint64_t t = now(), nanos = until > t ? until - t : 0;
    struct pollfd p = {.fd = r->fd, .events = POLLIN};
    struct timespec timeout = {0, (long)(nanos > 5000000u ? 5000000u : nanos)};
    ppoll(&p, 1, &timeout, NULL);
}

// First datagrams of clients that never come again, as by forged addresses; as many as are due.
static uint64_t forge(struct run *r, uint64_t done, uint64_t due) {
    while (done < due) {
        int n = 0;
        for (; n < r->out.room && done < due; n++, done++) {
            addressed(&r->out, n, address(FIRST_FORGED, done), r->options->flood);
            r->out.vectors[n].iov_len = FORGED_BYTES;
        }
        send_all(r->fd, r->out.messages, n);
    }
    return done;
}

// Those that are due by now. A call carries what fits; the rest is due at once again.
static void ask_due(struct run *r, uint64_t start, double step) {
    const struct options *o = r->options;
    uint64_t due = (uint64_t)((double)(now() - start) / step);
    while (r->sent + (uint64_t)o->train <= due) {
        uint64_t clients = (due - r->sent) / (uint64_t)o->train;
        int fit = clients > (uint64_t)r->out.room ? r->out.room : (int)clients;
        ask(r, fit, start + (uint64_t)(step * (double)r->sent), step);
    }
}

// As many as may be under way without an answer; when none comes for a while, those are lost.
static bool ask_more(struct run *r, uint64_t heard_at) {
    // What was given up may come all the same.
    uint64_t late = r->answered + r->given_up > r->sent ? r->answered + r->given_up - r->sent : 0;
    r->given_up -= late < r->given_up ? late : r->given_up;
    uint64_t gone = r->answered + r->given_up, under_way = r->sent > gone ? r->sent - gone : 0;
    if (under_way && now() - heard_at > LOST_AFTER) {
        r->given_up += under_way;
        under_way = 0;
    }
    uint64_t clients = under_way < UNDER_WAY ? (UNDER_WAY - under_way) / (uint64_t)r->options->train : 0;
    int fit = clients > (uint64_t)r->out.room ? r->out.room : (int)clients;
    if (fit < 16 / r->options->train + 1 && under_way) {
        return false;
    }
    ask(r, fit, now(), 0);
    return true;
}

static void wind_up(struct run *r) {
    uint64_t last = now(), arrived = 0;
    while (now() - last < QUIET) {
        uint64_t there = atomic_load(&shared->received);
        if (hear(r) || there != arrived) {
            last = now();
        }
        arrived = there;
        pause_until(r, now() + 1000000u);
    }
}

// Sends and hears until the end; the sample is taken when the window begins.
static void relay(struct run *r, uint64_t start, uint64_t end, struct sample *from) {
    const struct options *o = r->options;
    uint64_t begin = start + (uint64_t)(o->warm * 1e9), heard_at = start, t;
    double step = o->rate > 0 ? 1e9 / o->rate : 0;
    while ((t = now()) < end) {
        if (!r->began && t >= begin) {
            *from = sample(o, r->answered + atomic_load(&shared->received));
            r->began = from->nanos;
        }
        if (o->flood) {
            r->forged = forge(r, r->forged, (uint64_t)(o->flood_rate * (double)(t - start) / 1e9));
        }
        bool heard = hear(r) > 0, asked = false;
        heard_at = heard ? now() : heard_at;
        if (step > 0) {
            ask_due(r, start, step);
        } else {
            asked = ask_more(r, heard_at);
        }
        if (!heard && !asked) {
            pause_until(r, step > 0 ? start + (uint64_t)(step * (double)(r->sent + (uint64_t)o->train)) : end);
        }
    }
}

int run_datagrams(const struct options *o) {
    static struct run r;
    r.options = o;
    if (o->size < (int)sizeof(struct mark) || o->size > 1472 || o->train < 1 || o->train * o->size > 65000 || o->train > 64) {
        errno = EINVAL;
        die("size or train");
    }
    backend(o, serve_datagrams);
    prctl(PR_SET_TIMERSLACK, 1ul);
    r.fd = datagram_socket(INADDR_ANY, o->from);
    in_trains(r.fd, o);
    prepare(&r.out, o);
    prepare(&r.in, o);
    long rss_before = rss_kib(o);
    uint64_t start = now();
    struct sample from = {0}, to;
    relay(&r, start, start + (uint64_t)((o->warm + o->secs) * 1e9), &from);
    to = sample(o, r.answered + atomic_load(&shared->received));
    wind_up(&r);
    if (o->settle > 0) {
        usleep((useconds_t)(o->settle * 1e6));
    }
    print_window(&from, &to);
    print_latencies(&r.times);
    printf(",\"sent\":%llu,\"arrived\":%llu,\"answered\":%llu,\"forged\":%llu,\"rss_before_kib\":%ld,\"rss_after_kib\":%ld}\n",
        (unsigned long long)r.sent, (unsigned long long)atomic_load(&shared->received), (unsigned long long)r.answered,
        (unsigned long long)r.forged, rss_before, rss_kib(o));
    return 0;
}
