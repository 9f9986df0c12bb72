// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct shared *shared;

static pid_t backend_pid;

uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void die(const char *what) {
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

// Fields 14 and 15 of /proc/PID/stat (proc(5)); the name in field 2 may hold anything, so it is skipped from behind.
static double process_secs(int pid) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *f = fopen(path, "r");
    if (!f) {
        die("a process that is measured is gone");
    }
    size_t n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = 0;
    unsigned long user = 0, system = 0;
    char *rest = strrchr(text, ')');
    if (!rest || sscanf(rest + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2) {
        die("cannot read /proc/PID/stat");
    }
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static double machine_secs(void) {
    unsigned long user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softirq = 0;
    FILE *f = fopen("/proc/stat", "r");
    if (!f || fscanf(f, "cpu %lu %lu %lu %lu %lu %lu %lu", &user, &nice, &system, &idle, &wait, &irq, &softirq) != 7) {
        die("cannot read /proc/stat");
    }
    fclose(f);
    return (double)(user + nice + system + irq + softirq) / (double)sysconf(_SC_CLK_TCK);
}

struct sample sample(const struct options *o, uint64_t count) {
    struct sample s = {.nanos = now(), .count = count, .system_secs = machine_secs()};
    s.own_secs = process_secs(getpid()) + process_secs(backend_pid);
    for (int i = 0; i < o->pid_count; i++) {
        s.proxy_secs += process_secs(o->pids[i]);
    }
    return s;
}

long rss_kib(const struct options *o) {
    long sum = 0;
    for (int i = 0; i < o->pid_count; i++) {
        char path[64], line[256];
        snprintf(path, sizeof path, "/proc/%d/status", o->pids[i]);
        FILE *f = fopen(path, "r");
        if (!f) {
            die("a process of the proxy is gone");
        }
        long kib = 0;
        while (fgets(line, sizeof line, f) && sscanf(line, "VmRSS: %ld", &kib) != 1) {
        }
        fclose(f);
        sum += kib;
    }
    return sum;
}

static struct sockaddr_in loopback(int port) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

int listener(int port, bool nodelay) {
    int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in a = loopback(port);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one)) {
        die("socket");
    }
    // Accepted sockets inherit it: one system call less a connection.
    if (nodelay && setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one)) {
        die("TCP_NODELAY");
    }
    if (bind(fd, (struct sockaddr *)&a, sizeof a)) {
        die("bind of the backend");
    }
    if (listen(fd, 4096)) {
        die("listen");
    }
    return fd;
}

int connector(int port, int *error) {
    int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        die("socket");
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct sockaddr_in a = loopback(port);
    *error = connect(fd, (struct sockaddr *)&a, sizeof a) && errno != EINPROGRESS ? errno : 0;
    return fd;
}

void wait_until_open(int fd) {
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    int error = 0;
    socklen_t length = sizeof error;
    if (poll(&p, 1, 5000) != 1 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) || error) {
        errno = error ? error : ETIMEDOUT;
        die("connect");
    }
}

void watch(int epoll, int operation, int fd, uint32_t events, uint64_t data) {
    struct epoll_event e = {.events = events, .data.u64 = data};
    if (epoll_ctl(epoll, operation, fd, &e)) {
        die("epoll_ctl");
    }
}

// So that the port is free when the next run binds it.
static void end_backend(void) {
    kill(backend_pid, SIGKILL);
    waitpid(backend_pid, NULL, 0);
}

void serve_echo(const struct options *o, int listening) {
    (void)o;
    static uint8_t buffer[65536];
    struct epoll_event events[MAX_EVENTS];
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    watch(epoll, EPOLL_CTL_ADD, listening, EPOLLIN, (uint64_t)listening);
    for (;;) {
        int n = epoll_wait(epoll, events, MAX_EVENTS, -1);
        for (int i = 0; i < n; i++) {
            int fd = (int)events[i].data.u64;
            if (fd == listening) {
                while ((fd = accept4(listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
                    watch(epoll, EPOLL_CTL_ADD, fd, EPOLLIN, (uint64_t)fd);
                }
                continue;
            }
            ssize_t got = read(fd, buffer, sizeof buffer);
            if (got == 0 || (got < 0 && errno != EAGAIN)) {
                atomic_fetch_add(got == 0 ? &shared->ended : &shared->wrong, 1);
                close(fd);
            } else if (got > 0 && write(fd, buffer, (size_t)got) != got) {
                atomic_fetch_add(&shared->wrong, 1);
            }
        }
    }
}

void backend(const struct options *o, void (*serve)(const struct options *, int)) {
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        die("mmap");
    }
    pid_t parent = getpid();
    pid_t child = fork();
    if (child < 0) {
        die("fork");
    }
    if (child > 0) {
        backend_pid = child;
        atexit(end_backend);
    } else {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) {
            _exit(1);
        }
        int fd = o->datagrams ? datagram_socket(INADDR_LOOPBACK, o->listen_port) : listener(o->listen_port, o->size > 0);
        atomic_store(&shared->ready, 1);
        serve(o, fd);
        _exit(0);
    }
    uint64_t give_up = now() + 5000000000u;
    while (!atomic_load(&shared->ready)) {
        if (now() > give_up) {
            errno = ETIMEDOUT;
            die("the backend does not listen");
        }
        usleep(500);
    }
}

double await_ends(uint64_t count, double bound) {
    uint64_t start = now(), give_up = start + (uint64_t)(bound * 1e9);
    while (atomic_load(&shared->ended) < count && now() < give_up) {
        usleep(1000);
    }
    return (double)(now() - start) / 1e9;
}

void remember(struct latencies *l, uint64_t nanos) {
    if (!l->nanos) {
        l->nanos = malloc(MAX_SAMPLES * sizeof *l->nanos);
        if (!l->nanos) {
            die("malloc");
        }
    }
    if (l->count < MAX_SAMPLES) {
        l->nanos[l->count++] = nanos > UINT32_MAX ? UINT32_MAX : (uint32_t)nanos;
    }
}

static int by_size(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

void print_latencies(struct latencies *l) {
    const double at[] = {0.5, 0.99, 0.999};
    const char *const names[] = {"p50_us", "p99_us", "p999_us"};
    if (l->count == 0) {
        return;
    }
    qsort(l->nanos, l->count, sizeof *l->nanos, by_size);
    for (int i = 0; i < 3; i++) {
        printf(",\"%s\":%.1f", names[i], l->nanos[(size_t)(at[i] * (double)(l->count - 1))] / 1000.0);
    }
}

void print_window(const struct sample *from, const struct sample *to) {
    printf("{\"secs\":%.4f,\"count\":%llu,\"proxy_cpu_secs\":%.2f,\"load_cpu_secs\":%.2f,\"system_cpu_secs\":%.2f,\"wrong\":%llu",
        (double)(to->nanos - from->nanos) / 1e9, (unsigned long long)(to->count - from->count),
        to->proxy_secs - from->proxy_secs, to->own_secs - from->own_secs, to->system_secs - from->system_secs,
        (unsigned long long)atomic_load(&shared->wrong));
}
