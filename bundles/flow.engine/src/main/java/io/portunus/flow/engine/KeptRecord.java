// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowRecord;
import io.portunus.model.Prelude;
import io.portunus.model.Protocol;
import io.portunus.model.Target;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a record had when its flow ended, for those that read it later and on another thread. Immutable; the accessors are the contract's. */
record KeptRecord(long id, List<FlowRecord.Carrier> handlers, String listener, InetSocketAddress peer, Optional<InetSocketAddress> via,
        String rule, long ruleId, Prelude prelude, List<Target> targets, Optional<InetSocketAddress> endpoint, Instant openedAt, long bytesIn,
        long bytesOut, long peekNanos, long connectNanos, long firstByteNanos, long totalNanos, CloseReason reason, Protocol protocol,
        long datagramsIn, long datagramsOut, long heldBackInNanos, long heldBackOutNanos) implements FlowRecord {
    static KeptRecord of(FlowRecord seen) {
        return new KeptRecord(seen.id(), seen.handlers(), seen.listener(), seen.peer(), seen.via(), seen.rule(), seen.ruleId(), seen.prelude(),
            seen.targets(), seen.endpoint(), seen.openedAt(), seen.bytesIn(), seen.bytesOut(), seen.peekNanos(), seen.connectNanos(),
            seen.firstByteNanos(), seen.totalNanos(), seen.reason(), seen.protocol(), seen.datagramsIn(), seen.datagramsOut(),
            seen.heldBackInNanos(), seen.heldBackOutNanos());
    }
}
