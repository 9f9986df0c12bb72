// SPDX-License-Identifier: Apache-2.0
// Requests and responses over open connections. With a rate, requests are due at fixed times whatever the answers do, and a latency counts
// from when its request was due: a proxy that stalls cannot hide what it delayed.
#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_SIZE 16384
#define MAX_WAITING 1024 // requests of a connection without an answer; more are counted as wrong and not sent

struct line {
    int fd;
    uint64_t due[MAX_WAITING];
    uint64_t asked;
    uint64_t answered;
    uint64_t in; // bytes received
};

static uint8_t request[MAX_SIZE * 2];
static struct line lines[MAX_STREAMS];

static void fill(int size) {
    for (int i = 0; i < 2 * size; i++) {
        request[i] = (uint8_t)((i % size) * 31 + 7);
    }
}

static void ask(const struct options *o, struct line *l, uint64_t due) {
    if (l->asked - l->answered == MAX_WAITING) {
        atomic_fetch_add(&shared->wrong, 1);
        return;
    }
    l->due[l->asked++ % MAX_WAITING] = due;
    if (write(l->fd, request, (size_t)o->size) != o->size) {
        die("write of a request");
    }
}

// Reads what is there; tells how many answers became whole.
static int hear(const struct options *o, struct line *l) {
    static uint8_t buffer[MAX_SIZE];
    ssize_t n = read(l->fd, buffer, (size_t)o->size);
    if (n < 0 && errno == EAGAIN) {
        return 0;
    }
    if (n <= 0) {
        die("a connection ended");
    }
    uint64_t size = (uint64_t)o->size, before = l->in / size;
    if (memcmp(buffer, request + l->in % size, (size_t)n) != 0) {
        atomic_fetch_add(&shared->wrong, 1);
    }
    l->in += (uint64_t)n;
    return (int)(l->in / size - before);
}

static int wait_for(int epoll, struct epoll_event *events, uint64_t until) {
    uint64_t t = now(), nanos = until > t ? until - t : 0;
    nanos = nanos > 10000000u ? 10000000u : nanos;
    struct timespec timeout = {0, (long)nanos};
    int n = epoll_pwait2(epoll, events, MAX_EVENTS, &timeout, NULL);
    return n < 0 ? 0 : n;
}

// Lets every request have its answer and every connection its end, on both sides of the proxy.
static void wind_up(const struct options *o, int epoll, struct epoll_event *events) {
    uint64_t give_up = now() + 2000000000u;
    uint64_t waiting = 1;
    while (waiting > 0 && now() < give_up) {
        int n = wait_for(epoll, events, give_up);
        for (int i = 0; i < n; i++) {
            struct line *l = &lines[events[i].data.u64];
            l->answered += (uint64_t)hear(o, l);
        }
        waiting = 0;
        for (int i = 0; i < o->streams; i++) {
            waiting += lines[i].asked - lines[i].answered;
        }
    }
    atomic_fetch_add(&shared->wrong, waiting);
    for (int i = 0; i < o->streams; i++) {
        close(lines[i].fd);
    }
    await_ends((uint64_t)o->streams, 5);
    if (atomic_load(&shared->ended) != (uint64_t)o->streams) {
        atomic_fetch_add(&shared->wrong, 1);
    }
}

int run_exchange(const struct options *o) {
    struct epoll_event events[MAX_EVENTS];
    struct latencies times = {0};
    if (o->size < 1 || o->size > MAX_SIZE) {
        errno = EINVAL;
        die("size");
    }
    fill(o->size);
    backend(o, serve_echo);
    prctl(PR_SET_TIMERSLACK, 1ul);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < o->streams; i++) {
        int error;
        lines[i].fd = connector(o->connect_port, &error);
        wait_until_open(lines[i].fd);
        watch(epoll, EPOLL_CTL_ADD, lines[i].fd, EPOLLIN, (uint64_t)i);
    }
    uint64_t start = now(), begin = start + (uint64_t)(o->warm * 1e9), end = begin + (uint64_t)(o->secs * 1e9);
    uint64_t done = 0, turn = 0, due = start;
    double step = o->rate > 0 ? 1e9 / o->rate : 0;
    struct sample from = {0}, to;
    for (int i = 0; step == 0 && i < o->streams; i++) {
        ask(o, &lines[i], now());
    }
    while (now() < end) {
        if (from.nanos == 0 && now() >= begin) {
            from = sample(o, done);
        }
        while (step > 0 && due <= now()) {
            ask(o, &lines[turn % (uint64_t)o->streams], due);
            due = start + (uint64_t)(step * (double)++turn);
        }
        int n = wait_for(epoll, events, step > 0 ? due : end);
        for (int i = 0; i < n; i++) {
            struct line *l = &lines[events[i].data.u64];
            for (int whole = hear(o, l); whole > 0; whole--) {
                uint64_t t = now();
                done++;
                if (from.nanos != 0 && l->due[l->answered % MAX_WAITING] >= begin) {
                    remember(&times, t - l->due[l->answered % MAX_WAITING]);
                }
                l->answered++;
                if (step == 0) {
                    ask(o, l, t);
                }
            }
        }
    }
    to = sample(o, done);
    wind_up(o, epoll, events);
    print_window(&from, &to);
    print_latencies(&times);
    printf("}\n");
    return 0;
}
