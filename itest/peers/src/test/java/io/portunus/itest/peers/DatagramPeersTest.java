// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Appliance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DNS, iperf3 and DTLS through rules of UDP, on both transports and over both families. */
@Timeout(240)
class DatagramPeersTest {
    private static final int QUESTIONS = 12;
    private static final int LINES = 10;
    /** Of 2,000 datagrams a second, in the best of some runs: a machine that does something else for a tenth of a second fills sockets. */
    private static final double MOST_LOST_PERCENT = 1;
    private static final int RUNS = 4;

    @TempDir
    private Path home;

    private static String dig(DatagramRule rule, String... words) {
        List<String> command = new ArrayList<>(List.of("dig", "@" + rule.address(), "-p", Integer.toString(rule.listen()), "+short", "+tries=4",
            "+time=2"));
        command.addAll(List.of(words));
        return Server.run(command).strip();
    }

    @ParameterizedTest
    @CsvSource({"epoll, 127.0.0.1", "epoll, ::1", "xnio, 127.0.0.1", "xnio, ::1"})
    void digAsksDnsmasq(String transport, String address) {
        String text = "t".repeat(250);
        try (DatagramRule rule = new DatagramRule(home, transport, address)) {
            rule.serve(Server.start(home.resolve("dnsmasq.log"), rule.peer(), List.of("dnsmasq", "--no-daemon", "--no-resolv", "--no-hosts",
                "--port=" + rule.peer(), "--listen-address=127.0.0.1", "--listen-address=::1", "--bind-interfaces", "--user=root", "--local=/test/",
                "--edns-packet-max=4096", "--host-record=far.test,10.1.2.3,fd00::3",
                "--txt-record=long.test," + String.join(",", List.of(text, text, text, text, text, text)))));
            Appliance appliance = rule.start();

            for (int i = 0; i < QUESTIONS; i++) {
                assertThat(dig(rule, "far.test", i % 2 == 0 ? "A" : "AAAA")).isEqualTo(i % 2 == 0 ? "10.1.2.3" : "fd00::3");
            }
            // In one datagram of more than 1,500 bytes; "+ignore" would show one that is cut.
            assertThat(dig(rule, "long.test", "TXT", "+bufsize=4096", "+ignore")).hasSizeGreaterThan(1_500).doesNotContain(";;");
            assertThat(dig(rule, "+tcp", "far.test", "A")).isEqualTo("10.1.2.3");

            rule.awaitCounted(QUESTIONS + 1);
            assertThat(appliance.get("/v1/flows").body()).contains("\"" + rule.bracketed() + ":" + rule.listen() + "/udp\"");
        }
    }

    @ParameterizedTest
    @CsvSource({"epoll, 127.0.0.1", "epoll, ::1", "xnio, 127.0.0.1", "xnio, ::1"})
    void iperf3SendsBothWays(String transport, String address) {
        try (DatagramRule rule = new DatagramRule(home, transport, address)) {
            rule.launch("iperf3", "iperf3", "--server", "--port", Integer.toString(rule.peer()), "--bind", address, "--forceflush")
                .awaits("Server listening");
            rule.start();

            assertThat(leastLost(rule, "client to server")).isLessThan(MOST_LOST_PERCENT);
            assertThat(leastLost(rule, "server to client", "--reverse")).isLessThan(MOST_LOST_PERCENT);
        }
    }

    /** Percent; of the first run that loses little, or else of the last. */
    private static double leastLost(DatagramRule rule, String way, String... more) {
        List<String> command = new ArrayList<>(List.of("iperf3", "--client", rule.address(), "--port", Integer.toString(rule.listen()), "--udp",
            "--bitrate", "8M", "--length", "1000", "--time", "2", "--parallel", "2", "--json"));
        command.addAll(List.of(more));
        double lost = MOST_LOST_PERCENT;
        for (int run = 0; run < RUNS && lost >= MOST_LOST_PERCENT; run++) {
            String report = Server.run(command);
            assertThat(report).doesNotContain("\"error\"");
            String sum = report.substring(report.lastIndexOf("\"sum\""));
            lost = number(sum, "lost_percent");
            System.out.printf("iperf3 by %s, %s: %.0f datagrams, %.2f %% lost%n", rule.address(), way, number(sum, "packets"), lost);
            assertThat(number(sum, "packets")).isGreaterThan(1_000);
        }
        return lost;
    }

    private static double number(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\":\\s*([0-9.]+)").matcher(json);
        assertThat(found.find()).as(name + " in " + json).isTrue();
        return Double.parseDouble(found.group(1));
    }

    @ParameterizedTest
    @CsvSource({"epoll, 127.0.0.1", "epoll, ::1", "xnio, 127.0.0.1", "xnio, ::1"})
    void opensslTalksDtlsBothWays(String transport, String address) {
        try (DatagramRule rule = new DatagramRule(home, transport, address)) {
            rule.certificate();
            // With -listen the first ClientHello is answered by a cookie, as against forged addresses.
            Server server = rule.launch("server", "openssl", "s_server", "-dtls1_2", "-listen", "-quiet", "-accept",
                rule.bracketed() + ":" + rule.peer(), "-cert", rule.file("certificate"), "-key", rule.file("key"));
            rule.start();
            Server client = rule.launch("client", "openssl", "s_client", "-dtls1_2", "-quiet", "-verify_return_error", "-CAfile",
                rule.file("certificate"), "-connect", rule.bracketed() + ":" + rule.listen());

            for (int i = 0; i < LINES; i++) {
                client.type("question " + i);
                server.awaits("question " + i);
                server.type("answer " + i);
                client.awaits("answer " + i);
            }

            rule.awaitCounted(LINES);
        }
    }
}
