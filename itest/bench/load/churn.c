// SPDX-License-Identifier: Apache-2.0
// Connections a second: connect, one byte or a ClientHello there, one byte back, FIN from the backend, close. The backend closes first, so
// that TIME_WAIT uses up no port of a client or a proxy.
#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_FDS 65536
#define ANSWER 'k'
#define MAX_WRONG 1000

static uint8_t question[1024];
static size_t question_bytes;

static void ask_what(const struct options *o) {
    question[0] = 'q';
    question_bytes = o->sni ? client_hello(o->sni, question, sizeof question) : 1;
}

struct visitor {
    unsigned got;
};

// Tells whether the visitor is done with.
static bool answer(int fd, struct visitor *v) {
    uint8_t in[1024];
    ssize_t n = read(fd, in, sizeof in);
    if (n < 0 && errno == EAGAIN) {
        return false;
    }
    if (n <= 0 || v->got + (size_t)n > question_bytes || memcmp(in, question + v->got, (size_t)n) != 0) {
        // One that says nothing and leaves is a probe of the proxy.
        atomic_fetch_add(&shared->wrong, n == 0 && v->got == 0 ? 0 : 1);
        return true;
    }
    v->got += (unsigned)n;
    if (v->got < question_bytes) {
        return false;
    }
    char back = ANSWER;
    if (write(fd, &back, 1) != 1) {
        atomic_fetch_add(&shared->wrong, 1);
    }
    return true;
}

static void serve(const struct options *o, int listening) {
    (void)o;
    static struct visitor visitors[MAX_FDS];
    struct epoll_event events[MAX_EVENTS];
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    watch(epoll, EPOLL_CTL_ADD, listening, EPOLLIN, (uint64_t)listening);
    for (;;) {
        int n = epoll_wait(epoll, events, MAX_EVENTS, -1);
        for (int i = 0; i < n; i++) {
            int fd = (int)events[i].data.u64;
            if (fd != listening) {
                if (answer(fd, &visitors[fd])) {
                    close(fd);
                }
                continue;
            }
            while ((fd = accept4(listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
                visitors[fd].got = 0;
                // What is there already needs no round through epoll.
                if (answer(fd, &visitors[fd])) {
                    close(fd);
                } else {
                    watch(epoll, EPOLL_CTL_ADD, fd, EPOLLIN, (uint64_t)fd);
                }
            }
        }
    }
}

struct caller {
    uint64_t began;
    bool asked;
    bool answered;
};

static struct caller callers[MAX_FDS];

static bool ask(int fd) {
    ssize_t n = write(fd, question, question_bytes);
    callers[fd].asked = n == (ssize_t)question_bytes;
    return callers[fd].asked;
}

static void call(const struct options *o, int epoll) {
    for (int tries = 0; tries < MAX_WRONG; tries++) {
        int error;
        uint64_t began = now();
        int fd = connector(o->connect_port, &error);
        if (error) {
            atomic_fetch_add(&shared->wrong, 1);
            close(fd);
            continue;
        }
        callers[fd] = (struct caller){.began = began};
        // On loopback the handshake is mostly over when connect returns.
        watch(epoll, EPOLL_CTL_ADD, fd, ask(fd) ? EPOLLIN : EPOLLOUT, (uint64_t)fd);
        return;
    }
    errno = ECONNREFUSED;
    die("connect");
}

enum outcome { GOES_ON, GOOD, BAD };

static enum outcome listen_to(int fd) {
    struct caller *c = &callers[fd];
    char in[16];
    ssize_t n = read(fd, in, sizeof in);
    if (n == 1 && !c->answered && in[0] == ANSWER) {
        c->answered = true;
        n = read(fd, in, sizeof in);
    }
    if (n < 0 && errno == EAGAIN) {
        return GOES_ON;
    }
    return n == 0 && c->answered ? GOOD : BAD;
}

int run_churn(const struct options *o) {
    struct epoll_event events[MAX_EVENTS];
    struct latencies times = {0};
    ask_what(o);
    backend(o, serve);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    uint64_t begin = now() + (uint64_t)(o->warm * 1e9), end = begin + (uint64_t)(o->secs * 1e9), done = 0;
    struct sample from = {0}, to;
    for (int i = 0; i < o->streams; i++) {
        call(o, epoll);
    }
    while (now() < end && atomic_load(&shared->wrong) < MAX_WRONG) {
        if (from.nanos == 0 && now() >= begin) {
            from = sample(o, done);
        }
        int n = epoll_wait(epoll, events, MAX_EVENTS, 10);
        for (int i = 0; i < n; i++) {
            int fd = (int)events[i].data.u64;
            if (!callers[fd].asked) {
                if (ask(fd)) {
                    watch(epoll, EPOLL_CTL_MOD, fd, EPOLLIN, (uint64_t)fd);
                    continue;
                }
            }
            enum outcome outcome = listen_to(fd);
            if (outcome == GOES_ON) {
                continue;
            }
            close(fd);
            if (outcome == BAD) {
                atomic_fetch_add(&shared->wrong, 1);
            } else {
                done++;
                if (from.nanos != 0) {
                    remember(&times, now() - callers[fd].began);
                }
            }
            call(o, epoll);
        }
    }
    to = sample(o, done);
    print_window(&from, &to);
    print_latencies(&times);
    printf("}\n");
    return 0;
}
