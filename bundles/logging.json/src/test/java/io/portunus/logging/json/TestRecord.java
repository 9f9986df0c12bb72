// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowRecord;
import io.portunus.model.Prelude;
import io.portunus.model.SocketAddresses;
import io.portunus.model.Target;
import io.portunus.model.TargetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A record as the engine gives it, with everything set beforehand. Immutable. */
record TestRecord(long id, List<Carrier> handlers, String listener, InetSocketAddress peer, Optional<InetSocketAddress> via, String rule,
        long ruleId, Prelude prelude, List<Target> targets, Optional<InetSocketAddress> endpoint, Instant openedAt, long bytesIn, long bytesOut,
        long peekNanos, long connectNanos, long firstByteNanos, long totalNanos, CloseReason reason) implements FlowRecord {
    private static final List<Carrier> HANDLERS = List.of(new Carrier("io.portunus.flow.tcp", "0.1.0"),
        new Carrier("io.portunus.flow.tls", "0.1.1"), new Carrier("org.example.x", "1.0.0"));

    static InetSocketAddress address(String text) {
        return SocketAddresses.parse(text).orElseThrow();
    }

    static TestRecord routed(long id, String name) {
        return new TestRecord(id, HANDLERS, "*:443", address("192.0.2.1:50000"), Optional.empty(), "web", 17,
            new Prelude(Prelude.TLS, Optional.of(name), List.of(), true), List.of(Target.of(TargetAddress.parse("db.example:5432"))),
            Optional.of(address("10.0.0.1:5432")), Instant.parse("2026-01-01T00:00:00Z"), 10, 20, 1_234_567, 0, NOT_REACHED,
            Duration.ofMillis(61_500).toNanos(), CloseReason.UPSTREAM_RESET);
    }

    static TestRecord refused(long id) {
        return new TestRecord(id, List.of(), "*:443", address("[2001:db8::1]:1"), Optional.empty(), "", 0, Prelude.NONE, List.of(),
            Optional.empty(), Instant.EPOCH, 0, 0, NOT_REACHED, NOT_REACHED, NOT_REACHED, 5_000, CloseReason.NOT_TLS);
    }
}
