// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.api.RecordField;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Prelude;
import io.portunus.model.Problem;
import io.portunus.model.Target;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Writes a line in each form, and a record that goes through a ring, before anything is logged by it. Thread-safe: it has no state. */
@Component(service = SelfCheck.class)
public final class FormsSelfCheck implements SelfCheck {
    private static final LogLine LINE = new LogLine(Instant.EPOCH, "WARN", "self.check", "check.line", "a line",
        Map.of("port", Optional.of(443L)), Optional.empty());
    private static final String JSON = "{\"timestamp\":\"1970-01-01T00:00:00.000Z\",\"level\":\"WARN\",\"fields\":{\"message\":\"a line\","
        + "\"event\":\"check.line\",\"port\":443},\"target\":\"self.check\"}\n";
    private static final String PRETTY = "1970-01-01T00:00:00.000Z WARN  self.check check.line port=443 a line\n";
    private static final String RECORD = "{\"flow_id\":7,\"peer\":\"127.0.0.1:9\",\"close_reason\":\"completed\"}\n";
    private static final int RING_BYTES = 4096;

    /** Needs nothing and has no configuration. */
    @Activate
    public FormsSelfCheck() {
    }

    @Override
    public List<Problem> run() {
        List<Problem> problems = new ArrayList<>();
        require(JSON, LineFormat.of("json").render(LINE), problems);
        require(PRETTY, LineFormat.of("pretty").render(LINE), problems);
        require(RECORD, written(new RecordForm(List.of(RecordField.FLOW_ID, RecordField.PEER, RecordField.CLOSE_REASON))), problems);
        return problems;
    }

    private static String written(RecordForm form) {
        RecordRing ring = new RecordRing(RING_BYTES);
        form.write(new KnownFlow(), ring.line());
        ring.add();
        ByteBuffer bytes = ByteBuffer.allocate(RING_BYTES);
        ring.take(bytes);
        return US_ASCII.decode(bytes.flip()).toString();
    }

    private static void require(String line, String written, List<Problem> problems) {
        if (!written.equals(line)) {
            problems.add(Problem.of(SelfCheck.FAILED, "", "What should be written as " + line.strip() + " is written as " + written.strip() + "."));
        }
    }

    /** A flow of which everything is known. */
    private record KnownFlow(long id, List<Carrier> handlers, String listener, InetSocketAddress peer, Optional<InetSocketAddress> via, String rule,
            long ruleId, Prelude prelude, List<Target> targets, Optional<InetSocketAddress> endpoint, Instant openedAt, long bytesIn, long bytesOut,
            long peekNanos, long connectNanos, long firstByteNanos, long totalNanos, CloseReason reason) implements FlowRecord {
        KnownFlow() {
            this(7, List.of(), "", new InetSocketAddress(InetAddress.getLoopbackAddress(), 9), Optional.empty(), "", 0, Prelude.NONE, List.of(),
                Optional.empty(), Instant.EPOCH, 0, 0, 0, 0, 0, 0, CloseReason.COMPLETED);
        }
    }
}
