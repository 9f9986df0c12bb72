// SPDX-License-Identifier: Apache-2.0
// What the measures share: options, the window that is measured, sockets, and the process that plays the backend.
#ifndef LOAD_H
#define LOAD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define MAX_PIDS 64
#define MAX_STREAMS 64
#define MAX_EVENTS 256
#define MAX_SAMPLES (4u << 20)

struct options {
    int connect_port; // of the proxy, or of the backend itself
    int listen_port;  // of the backend
    int streams;      // connections at once
    int size;         // bytes of a request and of its response
    char way;         // 'F' client to server, 'R' server to client
    double secs;      // measured
    double warm;      // before that
    double rate;      // requests a second, 0 for as many as go
    double settle;    // before memory is looked at
    const char *sni;  // name in the hello; null for no hello
    int from;         // port of all clients of datagrams, 0 for any
    int train;        // datagrams that a client sends in one call
    int flood;        // port that gets first datagrams of forged clients, 0 for none
    int flood_listen; // of the backend behind it
    double flood_rate; // of those, a second
    bool datagrams;   // the backend takes datagrams
    int pids[MAX_PIDS];
    int pid_count;
};

// Seen by the client and by the backend, which are two processes with descriptor tables of their own.
struct shared {
    _Atomic uint64_t sent;
    _Atomic uint64_t received;
    _Atomic uint64_t wrong; // bytes or answers that were not what was sent
    _Atomic uint64_t ended; // streams whose end arrived at the receiver
    _Atomic int ready;
    _Atomic int stop;
};

struct sample {
    uint64_t nanos;
    uint64_t count;
    double proxy_secs;  // user and system time of the proxy's processes
    double own_secs;    // of client and backend
    double system_secs; // all processors, all but idle
};

struct latencies {
    uint32_t *nanos;
    size_t count;
};

extern struct shared *shared;

uint64_t now(void);
void die(const char *what);
struct sample sample(const struct options *o, uint64_t count);
long rss_kib(const struct options *o);

int listener(int port, bool nodelay);
int connector(int port, int *error);
int datagram_socket(uint32_t address, int port);
void wait_until_open(int fd);
void watch(int epoll, int operation, int fd, uint32_t events, uint64_t data);

// Runs the backend in a child, which dies with its parent, and waits until it listens.
void backend(const struct options *o, void (*serve)(const struct options *, int listener));

// A backend that sends back what it gets, and counts how its streams end.
void serve_echo(const struct options *o, int listener);

// Waits until the backend has seen the end of this many streams; seconds it took, at most the bound.
double await_ends(uint64_t count, double bound);

void remember(struct latencies *l, uint64_t nanos);
void print_latencies(struct latencies *l);
void print_window(const struct sample *from, const struct sample *to);

// A ClientHello as a browser sends it, padded to 512 bytes and a record header. Returns its length.
size_t client_hello(const char *name, uint8_t *out, size_t room);

int run_bulk(const struct options *o);
int run_churn(const struct options *o);
int run_exchange(const struct options *o);
int run_idle(const struct options *o);
int run_datagrams(const struct options *o);

#endif
