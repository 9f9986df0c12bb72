// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.view;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Lines as a daemon sends them. */
final class Lines {
    static final String HELLO = """
        {"v":1,"daemon_version":"1.2.3","daemon_started_at_ms":1000,"refresh_ms":1000,"rules":[
        {"id":"18446744073709551614","name":"web","proto":"tcp","listen":"80,8000-8001","targets":[
        {"host":"192.0.2.1","port":8080,"priority":0,"proxy_protocol":null,"ports":"8080","weight":1},
        {"host":"[2001:db8::1]","port":9000,"priority":1,"proxy_protocol":null,"ports":"9000-9001","weight":2}],
        "splice_capable":true,"udp_max_flows":null,"enabled":true,"listeners":["*:80","*:8000-8001"],"match":"tls *.example.com"},
        {"id":"7","name":"mail","proto":"tcp","listen":"25","targets":[
        {"host":"mail.example.com","port":25,"priority":0,"proxy_protocol":null,"ports":"25","weight":1}],
        "splice_capable":true,"udp_max_flows":null,"enabled":true,"listeners":["*:25"],"match":""}]}""".replace("\n", "");

    private Lines() {
    }

    /** A snapshot in which {@code web} has moved that many bytes in, and twice as many out, and {@code mail} nothing. */
    static String snapshot(long atMillis, long webIn) {
        return """
            {"t_ms":%d,"uptime_ms":3723000,"seq":1,"process":{"fd_open":34,"fd_limit":1024,"rss_bytes":125829120},"r":[
            {"id":"18446744073709551614","in":%d,"out":%d,"conns_active":3,"conns_total":40,"datagrams_in":0,"datagrams_out":0,"flows_active":0,
            "target_failovers_total":2,"err":{"port_in_use":0,"upstream_connect_failed":5,"dns_failures":0},
            "targets":[{"state":"healthy","reason":""},{"state":"failed","reason":"refused"}]},
            {"id":"7","in":0,"out":0,"conns_active":9,"conns_total":11,"target_failovers_total":0,"err":{"dns_failures":12}}]}"""
            .formatted(atMillis, webIn, 2 * webIn).replace("\n", "");
    }

    static Message parsed(String line) {
        try {
            return Message.parse(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
