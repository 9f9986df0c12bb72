// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portunus.model.Cidr;
import io.portunus.model.Datagrams;
import io.portunus.model.HealthPolicy;
import io.portunus.model.HostPattern;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Probe;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.Protocol;
import io.portunus.model.ProxyHeader;
import io.portunus.model.ProxyTrust;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.model.SocketTuning;
import io.portunus.model.Sockets;
import io.portunus.model.SourceFilter;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import io.portunus.model.TargetGroup;
import io.portunus.model.Timeouts;
import io.portunus.node.api.Publication;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.helpers.NOPLogger;

/** What outlives the process: the last rules of each source, all that they say, and nothing that is not believed. */
@Timeout(120)
class LastSetsTest {
    private static final String SOURCE = "edge-agent";
    private static final Problem WHY = Problem.of(ProblemCode.IO_ERROR, "", "the controller does not answer");

    @TempDir
    private Path state = Path.of("");

    @Test
    void everythingThatARuleSetsIsKept() throws Exception {
        RuleSet set = new RuleSet("r1", List.of(everything(), plain("b", 81), datagrams()));

        assertThat(RecordReader.read(RecordWriter.write(set), RuleSet.class)).isEqualTo(set);
    }

    @Test
    void equalRecordsAreWrittenOnce() throws Exception {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            rules.add(plain("rule-" + i, 1000 + i));
        }

        byte[] written = RecordWriter.write(new RuleSet("r", rules));

        assertThat(written.length).isLessThan(300_000);
        assertThat(RecordReader.read(written, RuleSet.class).rules()).isEqualTo(rules);
    }

    /** An older version of a record. */
    record Older(String name) {
    }

    /** A version that has more. */
    record Newer(String name, Optional<String> owner, List<String> labels) {
    }

    @Test
    void whatAnOlderVersionDidNotKnowIsAbsentAndWhatANewerOneWroteIsNotLeftOut() throws Exception {
        assertThat(RecordReader.read(RecordWriter.write(new Older("a")), Newer.class)).isEqualTo(new Newer("a", Optional.empty(), List.of()));
        assertThatThrownBy(() -> RecordReader.read(RecordWriter.write(new Newer("a", Optional.of("o"), List.of())), Older.class))
            .isInstanceOf(IOException.class).hasMessageContaining("does not know 'owner'");
    }

    @Test
    void noBytesAreBelievedThatAreNoRules() throws Exception {
        byte[] good = RecordWriter.write(new RuleSet("r1", List.of(everything())));

        for (int i = 0; i < good.length; i += 5) {
            byte[] broken = good.clone();
            broken[i] ^= (byte) 0x81;
            readOrRefused(broken);
            readOrRefused(Arrays.copyOf(good, i));
        }
    }

    /** Only by the checksum is it known what was meant; here it must come to an end without anything but a refusal. */
    private static void readOrRefused(byte[] bytes) {
        try {
            RecordReader.read(bytes, RuleSet.class);
        } catch (IOException refused) {
            assertThat(refused).hasMessageNotContaining("null");
        }
    }

    @Test
    void theLastSetOfASourceIsUsedWhenItCannotBeAskedAndIsShownAsSuch() {
        try (Node before = new Node()) {
            before.rules.publish(SOURCE, new RuleSet("r1", List.of(plain("a", 80))));
            before.rules.publish(SOURCE, new RuleSet("r2", List.of(plain("a", 81))));
            await(() -> before.rules.sources().getFirst().stored().equals(Optional.of("r2")));
        }

        try (Node after = new Node()) {
            assertThat(after.rules.problems()).isNotEmpty();
            assertThat(after.rules.publishLast(SOURCE, WHY)).contains(Publication.WELL);

            assertThat(after.rules.current().orElseThrow()).isEqualTo(new RuleSet("r2", List.of(plain("a", 81))));
            assertThat(after.rules.problems()).isEmpty();
            assertThat(after.rules.degraded()).singleElement().satisfies(p -> {
                assertThat(p.path()).isEqualTo("source.edge-agent");
                assertThat(p.text()).contains("last rules", "revision r2", "the controller does not answer");
            });
            assertThat(after.rules.sources()).singleElement().satisfies(its -> assertThat(its.last()).contains(WHY));

            after.rules.publish(SOURCE, new RuleSet("r2", List.of(plain("a", 81))));

            assertThat(after.rules.degraded()).isEmpty();
            assertThat(after.rules.sources()).singleElement().satisfies(its -> assertThat(its.last()).isEmpty());
            assertThat(after.rules.publishLast(SOURCE, WHY)).as("it has given rules").isEmpty();
        }
    }

    @Test
    void aSourceThatNeverGaveAnyHasNone() {
        try (Node node = new Node()) {
            assertThat(node.rules.publishLast(SOURCE, WHY)).isEmpty();
            assertThat(node.rules.problems()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"torn", "changed", "another", "empty", "writable", "link"})
    void aFileThatCannotBeBelievedIsNotUsed(String what) throws Exception {
        try (Node before = new Node()) {
            before.rules.publish(SOURCE, new RuleSet("r1", List.of(plain("a", 80))));
        }
        Path file = state.resolve("rules/" + SOURCE + ".last");
        byte[] good = Files.readAllBytes(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        switch (what) {
            case "torn" -> Files.write(file, Arrays.copyOf(good, good.length - 3));
            case "changed" -> {
                good[good.length - 1] ^= 1;
                Files.write(file, good);
            }
            case "another" -> Files.writeString(file, "x".repeat(100));
            case "empty" -> Files.write(file, new byte[0]);
            case "writable" -> Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
            default -> {
                Files.move(file, state.resolve("elsewhere"));
                Files.createSymbolicLink(file, state.resolve("elsewhere"));
            }
        }

        try (Node after = new Node()) {
            assertThat(after.rules.publishLast(SOURCE, WHY)).isEmpty();
        }
    }

    @Test
    void aDiskThatCannotBeWrittenDegradesAndChangesNothingElse() throws Exception {
        Files.writeString(state.resolve("rules"), "in the way");
        try (Node node = new Node()) {
            assertThat(node.rules.publish(SOURCE, new RuleSet("r1", List.of(plain("a", 80))))).isEqualTo(Publication.WELL);

            await(() -> !node.rules.degraded().isEmpty());
            assertThat(node.rules.degraded()).singleElement().satisfies(p -> assertThat(p.text()).contains("cannot be kept"));
            assertThat(node.rules.sources()).singleElement().satisfies(its -> assertThat(its.stored()).isEmpty());
        }
    }

    /** kill -9 at any moment, many times on one folder: what is found is whole, one revision, and taken while the source is away. */
    @Test
    void aProcessThatIsKilledLeavesAWholeSet() throws Exception {
        for (int kill = 0; kill < 5; kill++) {
            Process writer = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), KilledWriter.class.getName(), state.toString()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            try {
                Path unfinished = state.resolve("rules/" + KilledWriter.SOURCE + ".last.new");
                await(() -> Files.exists(unfinished) || !writer.isAlive());
                await(() -> Files.exists(state.resolve("rules/" + KilledWriter.SOURCE + ".last")) || !writer.isAlive());
                assertThat(writer.isAlive()).isTrue();
            } finally {
                writer.destroyForcibly().waitFor();
            }

            try (Node after = new Node()) {
                assertThat(after.rules.publishLast(KilledWriter.SOURCE, WHY)).contains(Publication.WELL);
                RuleSet found = after.rules.current().orElseThrow();
                assertThat(found).isEqualTo(KilledWriter.set(Integer.parseInt(found.revision().substring(1))));
                assertThat(after.rules.degraded()).isNotEmpty();
            }
        }
    }

    /** Rules with a state folder. */
    private final class Node implements AutoCloseable {
        private final LastSets sets = LastSets.in(state);
        private final RulesInForce rules = new RulesInForce(new FakeEngine(), new RuleEvents(NOPLogger.NOP_LOGGER), InstantSource.system(), sets);

        @Override
        public void close() {
            sets.close();
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static Rule plain(String name, int port) {
        return Rule.of(name.hashCode(), name, List.of(PortRange.of(port)), Match.ANY, TargetAddress.parse("10.0.0.1:9000"));
    }

    private static Rule everything() {
        Match match = new Match(Optional.of("tls"), Optional.of(HostPattern.parse("*.example.com")), List.of("h2"),
            new SourceFilter(List.of(Cidr.parse("10.0.0.0/8").orElseThrow()), List.of(Cidr.parse("2001:db8::/32").orElseThrow())),
            Duration.ofMillis(7));
        ProxyHeader header = new ProxyHeader(ProxyHeader.Version.V2, Set.of(ProxyHeader.Tlv.values()), true);
        Probe probe = new Probe(new Probe.Ask.Http("h", "/p", new PortRange(200, 204)), Duration.ofSeconds(9), Duration.ofSeconds(2), 2, 3,
            OptionalInt.of(8081), true);
        TargetGroup group = new TargetGroup(List.of(new Target(TargetAddress.parse("[2001:db8::1]:443"), 1, 2, 3, Optional.of(header), true),
            new Target(new TargetAddress.Service("_a._tcp.b"), 0, 1, 0, Optional.empty(), false)), TargetGroup.Pick.ROUND_ROBIN, true,
            new HealthPolicy(4, Duration.ofSeconds(5), 6, Duration.ofSeconds(7), Duration.ofSeconds(8), Optional.of(probe)),
            TargetGroup.AllDown.CLOSED, true, Duration.ofSeconds(3));
        return new Rule(Long.MIN_VALUE, "every\u00fcthing", "d", false, Optional.of(address("::1")), List.of(new PortRange(1, 3), PortRange.of(443)),
            match, group, Timeouts.DEFAULT.withDrain(Duration.ofSeconds(77)), new Sockets(SocketTuning.DEFAULT, SocketTuning.DEFAULT,
                Optional.of(address("10.0.0.9")), Optional.of("epoll")),
            Optional.of(new ProxyTrust(List.of(Cidr.parse("10.1.0.0/16").orElseThrow()), Duration.ofSeconds(4))));
    }

    private static Rule datagrams() {
        Probe probe = new Probe(new Probe.Ask.Dns("www.example.com"), Duration.ofSeconds(9), Duration.ofSeconds(2), 2, 3, OptionalInt.empty(), false);
        TargetGroup group = new TargetGroup(List.of(Target.of(TargetAddress.parse("10.0.0.1:53"))), TargetGroup.Pick.FIRST, false,
            HealthPolicy.DEFAULT.with(probe), TargetGroup.AllDown.OPEN, false, Duration.ZERO);
        return plain("c", 53).withProtocol(Protocol.UDP).withTargets(group)
            .withDatagrams(new Datagrams(Datagrams.Mode.RESPONSES, 2, Duration.ofSeconds(7), new Datagrams.Caps(5, 4, true), 3));
    }

    private static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }
}
