// SPDX-License-Identifier: Apache-2.0
// Usage: load bulk|churn|exchange|idle|datagrams key=value...; load hello NAME writes a hello. One line of JSON on standard output. Backend and
// client are two processes of this program, both on the loopback address; it ends by itself.
#include "load.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void read_pids(struct options *o, char *list) {
    for (char *p = strtok(list, ","); p && o->pid_count < MAX_PIDS; p = strtok(NULL, ",")) {
        o->pids[o->pid_count++] = atoi(p);
    }
}

static void read_option(struct options *o, char *text) {
    char *value = strchr(text, '=');
    if (!value) {
        errno = EINVAL;
        die(text);
    }
    *value++ = 0;
    if (!strcmp(text, "connect")) {
        o->connect_port = atoi(value);
    } else if (!strcmp(text, "listen")) {
        o->listen_port = atoi(value);
    } else if (!strcmp(text, "streams")) {
        o->streams = atoi(value);
    } else if (!strcmp(text, "size")) {
        o->size = atoi(value);
    } else if (!strcmp(text, "way")) {
        o->way = *value;
    } else if (!strcmp(text, "secs")) {
        o->secs = atof(value);
    } else if (!strcmp(text, "warm")) {
        o->warm = atof(value);
    } else if (!strcmp(text, "rate")) {
        o->rate = atof(value);
    } else if (!strcmp(text, "settle")) {
        o->settle = atof(value);
    } else if (!strcmp(text, "sni")) {
        o->sni = value;
    } else if (!strcmp(text, "from")) {
        o->from = atoi(value);
    } else if (!strcmp(text, "train")) {
        o->train = atoi(value);
    } else if (!strcmp(text, "flood")) {
        o->flood = atoi(value);
    } else if (!strcmp(text, "flood_listen")) {
        o->flood_listen = atoi(value);
    } else if (!strcmp(text, "flood_rate")) {
        o->flood_rate = atof(value);
    } else if (!strcmp(text, "pids")) {
        read_pids(o, value);
    } else {
        errno = EINVAL;
        die(text);
    }
}

static int write_hello(const char *name) {
    uint8_t out[1024];
    size_t n = client_hello(name, out, sizeof out);
    return n > 0 && fwrite(out, 1, n, stdout) == n ? 0 : 1;
}

int main(int count, char **words) {
    struct options o = {.streams = 1, .way = 'F', .secs = 1, .size = 64, .train = 1};
    struct rlimit files;
    if (count < 3) {
        fprintf(stderr, "usage: load bulk|churn|exchange|idle|datagrams key=value...\n       load hello NAME\n");
        return 2;
    }
    if (!strcmp(words[1], "hello")) {
        return write_hello(words[2]);
    }
    for (int i = 2; i < count; i++) {
        read_option(&o, words[i]);
    }
    o.datagrams = !strcmp(words[1], "datagrams");
    bool many = o.datagrams || !strcmp(words[1], "idle") || !strcmp(words[1], "churn");
    if (o.streams < 1 || (!many && o.streams > MAX_STREAMS)) {
        errno = EINVAL;
        die("streams");
    }
    signal(SIGPIPE, SIG_IGN);
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    // Whatever happens, it does not outlive this.
    alarm((unsigned)(o.secs + o.warm + o.settle) + 30);
    if (o.datagrams) {
        return run_datagrams(&o);
    }
    if (!strcmp(words[1], "bulk")) {
        return run_bulk(&o);
    }
    if (!strcmp(words[1], "churn")) {
        return run_churn(&o);
    }
    if (!strcmp(words[1], "exchange")) {
        return run_exchange(&o);
    }
    return !strcmp(words[1], "idle") ? run_idle(&o) : 2;
}
