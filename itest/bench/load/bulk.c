// SPDX-License-Identifier: Apache-2.0
// Throughput of one direction. Every byte is compared: what a stream sends at an offset follows from the seed in its first 8 bytes.
#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHUNK (128 * 1024)
#define PERIOD 65521 // prime, so that a block that is lost or sent twice shows, whatever power of two it measures

struct stream {
    int fd;
    bool over;
    uint64_t seed;
    uint64_t offset; // bytes of the pattern, after the seed
    unsigned seed_bytes;
};

static uint8_t pattern[PERIOD + CHUNK];
static uint8_t buffer[CHUNK];

static void make_pattern(void) {
    uint32_t x = 2463534242u;
    for (size_t i = 0; i < PERIOD; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        pattern[i] = (uint8_t)x;
    }
    for (size_t i = PERIOD; i < sizeof pattern; i++) {
        pattern[i] = pattern[i - PERIOD];
    }
}

static void end_sending(struct stream *s) {
    s->over = true;
    shutdown(s->fd, SHUT_WR);
}

// Sends one chunk; after the stop, ends the stream with FIN.
static void send_some(struct stream *s) {
    if (s->seed_bytes < sizeof s->seed) {
        if (write(s->fd, &s->seed, sizeof s->seed) != (ssize_t)sizeof s->seed) {
            die("the first write");
        }
        s->seed_bytes = sizeof s->seed;
    }
    if (atomic_load_explicit(&shared->stop, memory_order_relaxed)) {
        end_sending(s);
        return;
    }
    ssize_t n = write(s->fd, pattern + (s->seed + s->offset) % PERIOD, CHUNK);
    if (n > 0) {
        s->offset += (uint64_t)n;
        atomic_fetch_add_explicit(&shared->sent, (uint64_t)n, memory_order_relaxed);
    } else if (n < 0 && errno != EAGAIN) {
        atomic_fetch_add(&shared->wrong, 1);
        end_sending(s);
    }
}

// Receives and compares one chunk; tells whether the stream goes on.
static bool receive_some(struct stream *s) {
    ssize_t n = read(s->fd, buffer, CHUNK);
    if (n < 0 && errno == EAGAIN) {
        return true;
    }
    if (n <= 0) {
        atomic_fetch_add(n < 0 ? &shared->wrong : &shared->ended, 1);
        return false;
    }
    size_t taken = 0;
    while (s->seed_bytes < sizeof s->seed && taken < (size_t)n) {
        ((uint8_t *)&s->seed)[s->seed_bytes++] = buffer[taken++];
    }
    size_t rest = (size_t)n - taken;
    if (rest > 0) {
        if (memcmp(buffer + taken, pattern + (s->seed + s->offset) % PERIOD, rest) != 0) {
            atomic_fetch_add(&shared->wrong, 1);
        }
        s->offset += rest;
        atomic_fetch_add_explicit(&shared->received, rest, memory_order_relaxed);
    }
    return true;
}

static void serve(const struct options *o, int listening) {
    struct stream streams[MAX_STREAMS];
    struct epoll_event events[MAX_EVENTS];
    int epoll = epoll_create1(EPOLL_CLOEXEC), count = 0;
    bool sends = o->way == 'R';
    watch(epoll, EPOLL_CTL_ADD, listening, EPOLLIN, MAX_STREAMS);
    for (;;) {
        int n = epoll_wait(epoll, events, MAX_EVENTS, -1);
        for (int i = 0; i < n; i++) {
            uint64_t k = events[i].data.u64;
            if (k == MAX_STREAMS) {
                int fd = accept4(listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
                if (fd >= 0 && count < MAX_STREAMS) {
                    streams[count] = (struct stream){.fd = fd, .seed = 1000003u * (unsigned)(count + 1)};
                    watch(epoll, EPOLL_CTL_ADD, fd, sends ? EPOLLOUT : EPOLLIN, (uint64_t)count++);
                }
            } else if (sends && !streams[k].over) {
                send_some(&streams[k]);
                if (streams[k].over) {
                    watch(epoll, EPOLL_CTL_MOD, streams[k].fd, EPOLLIN, k);
                }
            } else if (!receive_some(&streams[k])) {
                close(streams[k].fd);
            }
        }
    }
}

static int open_streams(const struct options *o, struct stream *streams, int epoll) {
    for (int i = 0; i < o->streams; i++) {
        int error;
        streams[i] = (struct stream){.fd = connector(o->connect_port, &error), .seed = 7000003u * (unsigned)(i + 1)};
        wait_until_open(streams[i].fd);
        watch(epoll, EPOLL_CTL_ADD, streams[i].fd, o->way == 'F' ? EPOLLOUT : EPOLLIN, (uint64_t)i);
    }
    return o->streams;
}

static uint64_t received(void) {
    return atomic_load_explicit(&shared->received, memory_order_relaxed);
}

int run_bulk(const struct options *o) {
    struct stream streams[MAX_STREAMS];
    struct epoll_event events[MAX_EVENTS];
    make_pattern();
    backend(o, serve);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    int open = open_streams(o, streams, epoll);
    uint64_t begin = now() + (uint64_t)(o->warm * 1e9), end = begin + (uint64_t)(o->secs * 1e9), give_up = end + 3000000000u;
    struct sample from = {0}, to = {0};
    while (open > 0 && now() < give_up) {
        if (from.nanos == 0 && now() >= begin) {
            from = sample(o, received());
        }
        if (to.nanos == 0 && now() >= end) {
            to = sample(o, received());
            atomic_store(&shared->stop, 1);
        }
        int n = epoll_wait(epoll, events, MAX_EVENTS, 10);
        for (int i = 0; i < n; i++) {
            struct stream *s = &streams[events[i].data.u64];
            if (o->way == 'F' && !s->over) {
                send_some(s);
                if (s->over) {
                    watch(epoll, EPOLL_CTL_MOD, s->fd, EPOLLIN, events[i].data.u64);
                }
            } else if (!receive_some(s)) {
                close(s->fd);
                open--;
            }
        }
    }
    uint64_t sent = atomic_load(&shared->sent);
    // Every stream ends on both sides: the receiver has seen FIN behind the last byte.
    bool whole = open == 0 && to.nanos != 0 && sent == received() && atomic_load(&shared->ended) >= (uint64_t)o->streams;
    print_window(&from, &to);
    printf(",\"sent\":%llu,\"received\":%llu,\"whole\":%s}\n", (unsigned long long)sent, (unsigned long long)received(),
        whole ? "true" : "false");
    return 0;
}
