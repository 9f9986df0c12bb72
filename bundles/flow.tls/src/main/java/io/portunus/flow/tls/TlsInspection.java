// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Looks for the ClientHello of one connection, each byte once, and parses it when it is whole. Its verdict stands. Holds no byte of it.
 * Confined to one event loop.
 */
final class TlsInspection implements Inspection {
    private static final byte[] NOTHING = {};

    private final RecordReassembler records = new RecordReassembler();
    private Verdict verdict = Verdict.MORE;
    private Alert flawAlert = Alert.DECODE_ERROR;

    @Override
    public Verdict inspect(ByteBuffer bytes) {
        if (verdict == Verdict.MORE) {
            verdict = switch (records.advance(bytes)) {
                case MORE -> Verdict.MORE;
                case WHOLE -> parse(bytes);
                case FLAWED -> refuse(records.flaw().orElseThrow());
            };
        }
        return verdict;
    }

    @Override
    public byte[] refusal(CloseReason reason) {
        if (!records.headerSeen()) {
            return NOTHING;
        }
        Optional<Alert> alert = switch (reason) {
            case NO_MATCHING_NAME, NO_NAME -> Optional.of(Alert.UNRECOGNIZED_NAME);
            case SOURCE_DENIED -> Optional.of(Alert.ACCESS_DENIED);
            case HELLO_MALFORMED -> Optional.of(flawAlert);
            // A client that began in TLS is told that it was not its hello; whoever sent less or other bytes gets none.
            case PEEK_TIMEOUT, PEEK_CAPACITY, BUFFERS_FULL -> Optional.of(Alert.INTERNAL_ERROR);
            default -> Optional.empty();
        };
        return alert.map(found -> found.record(records.version())).orElse(NOTHING);
    }

    private Verdict parse(ByteBuffer bytes) {
        ClientHelloParser parser = new ClientHelloParser();
        Optional<HelloFlaw> flaw = parser.parse(records.hello(bytes));
        return flaw.isPresent() ? refuse(flaw.get()) : new Verdict.Match(parser.prelude());
    }

    private Verdict refuse(HelloFlaw flaw) {
        flawAlert = flaw.alert();
        return flaw.verdict();
    }
}
