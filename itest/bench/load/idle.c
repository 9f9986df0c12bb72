// SPDX-License-Identifier: Apache-2.0
// Memory of the proxy's processes before and with many connections that have said a little and are silent since.
#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define WORD_BYTES 64
#define AT_ONCE 32
#define MAX_CLOSING_SECS 20

static void expect_echo(int fd, const uint8_t *word) {
    uint8_t back[WORD_BYTES];
    size_t got = 0;
    while (got < WORD_BYTES) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (poll(&p, 1, 5000) != 1) {
            errno = ETIMEDOUT;
            die("an echo");
        }
        ssize_t n = read(fd, back + got, WORD_BYTES - got);
        if (n <= 0) {
            die("a connection ended");
        }
        got += (size_t)n;
    }
    if (memcmp(back, word, WORD_BYTES) != 0) {
        atomic_fetch_add(&shared->wrong, 1);
    }
}

int run_idle(const struct options *o) {
    uint8_t word[WORD_BYTES];
    int *fds = calloc((size_t)o->streams, sizeof *fds);
    if (!fds) {
        die("calloc");
    }
    memset(word, 'w', sizeof word);
    backend(o, serve_echo);
    long before = rss_kib(o);
    for (int i = 0; i < o->streams; i += AT_ONCE) {
        int n = o->streams - i < AT_ONCE ? o->streams - i : AT_ONCE;
        for (int k = i; k < i + n; k++) {
            int error;
            fds[k] = connector(o->connect_port, &error);
            wait_until_open(fds[k]);
            if (write(fds[k], word, sizeof word) != (ssize_t)sizeof word) {
                die("write of a word");
            }
        }
        for (int k = i; k < i + n; k++) {
            expect_echo(fds[k], word);
        }
    }
    usleep((useconds_t)(o->settle * 1e6));
    long after = rss_kib(o);
    uint64_t closing = now();
    for (int i = 0; i < o->streams; i++) {
        close(fds[i]);
    }
    await_ends((uint64_t)o->streams, MAX_CLOSING_SECS);
    printf("{\"connections\":%d,\"rss_before_kib\":%ld,\"rss_after_kib\":%ld,\"closing_secs\":%.3f,\"closed\":%llu,\"wrong\":%llu}\n",
        o->streams, before, after, (double)(now() - closing) / 1e9, (unsigned long long)atomic_load(&shared->ended),
        (unsigned long long)atomic_load(&shared->wrong));
    return 0;
}
