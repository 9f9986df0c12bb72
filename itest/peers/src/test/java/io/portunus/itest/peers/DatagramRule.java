// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.peers;

import io.portunus.itest.testkit.Appliance;
import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The appliance between clients and a server of datagrams, on free ports of one address. Rules of both protocols are on one port, as the programs
 * of these tests use both. Closes what it has started, the last first. Confined to one thread.
 */
final class DatagramRule implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(20);
    /** Enough for bursts of a second; asked for by the rule, since the system's default is filled by a tenth of it. */
    private static final int RECEIVE_BYTES = 4 << 20;

    private final int listen = Ports.free();
    private final int peer = Ports.free();
    private final List<AutoCloseable> started = new ArrayList<>();
    private final Path home;
    private final String transport;
    private final String address;
    private String sni = "";

    /** Nothing is started yet. */
    DatagramRule(Path home, String transport, String address) {
        this.home = home;
        this.transport = transport;
        this.address = address;
    }

    /** Has the rule of datagrams take QUIC of a name only. */
    void requireName(String name) {
        sni = "sni = \"" + name + "\"\n";
    }

    /** Starts the appliance. */
    Appliance start() {
        return kept(Appliance.start(home.resolve("node"), "[global]\nshutdown_drain_secs = 0\ntransport = \"" + transport + "\"\n"
            + rule("stream", "tcp") + rule("datagrams", "udp") + sni + "sockets = { receive_buffer = " + RECEIVE_BYTES + " }\n"));
    }

    private String rule(String name, String protocol) {
        return """
            [[rule]]
            name = "%s"
            protocol = "%s"
            bind = "%s"
            listen_port = %d
            target = "%s:%d"
            """.formatted(name, protocol, address, listen, bracketed(), peer);
    }

    private <T extends AutoCloseable> T kept(T resource) {
        started.add(resource);
        return resource;
    }

    /** Keeps a server until the end. */
    void serve(Server server) {
        kept(server);
    }

    /** Starts a program that runs until the end, with a log of this name. */
    Server launch(String name, String... command) {
        return kept(Server.launch(home.resolve(name + ".log"), List.of(command)));
    }

    /** Writes the files {@code certificate} and {@code key} of far.test. */
    void certificate() {
        Server.run(List.of("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", file("key"),
            "-out", file("certificate"), "-days", "2", "-subj", "/CN=far.test", "-addext", "subjectAltName=DNS:far.test"));
    }

    /** A file of the test. */
    String file(String name) {
        return home.resolve(name).toString();
    }

    /** Waits until as many datagrams of each way are counted. */
    void awaitCounted(int datagrams) {
        Await.until(datagrams + " datagrams of each way are counted", SOON, () -> counted("in") >= datagrams && counted("out") >= datagrams);
    }

    private double counted(String way) {
        Appliance appliance = started.stream().filter(Appliance.class::isInstance).map(Appliance.class::cast).findFirst().orElseThrow();
        Matcher lines = Pattern.compile("portunus_rule_udp_datagrams_" + way + "_total\\{[^}]*} ([0-9.E]+)")
            .matcher(appliance.get("/metrics").body());
        return lines.results().mapToDouble(line -> Double.parseDouble(line.group(1))).sum();
    }

    /** The address of both, as it is. */
    String address() {
        return address;
    }

    /** The same as it stands before a port. */
    String bracketed() {
        return address.contains(":") ? "[" + address + "]" : address;
    }

    /** Where the appliance listens. */
    int listen() {
        return listen;
    }

    /** Where the server has to listen. */
    int peer() {
        return peer;
    }

    @Override
    public void close() {
        for (AutoCloseable each : started.reversed()) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
