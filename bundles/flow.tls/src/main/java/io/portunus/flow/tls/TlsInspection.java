// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/**
 * Looks for the ClientHello of one connection, each byte once, and parses it when it is whole. Its verdict stands. Holds no byte of it.
 * Confined to one event loop.
 */
final class TlsInspection implements Inspection {
    private static final byte[] NOTHING = {};
    /** A client that began in TLS gets an alert also where it was not its ClientHello; whoever sent less or other bytes gets none. */
    private static final Map<CloseReason, Alert> ALERTS = Map.of(
        CloseReason.NO_MATCHING_NAME, Alert.UNRECOGNIZED_NAME, CloseReason.NO_NAME, Alert.UNRECOGNIZED_NAME,
        CloseReason.SOURCE_DENIED, Alert.ACCESS_DENIED,
        CloseReason.PEEK_TIMEOUT, Alert.INTERNAL_ERROR, CloseReason.PEEK_CAPACITY, Alert.INTERNAL_ERROR,
        CloseReason.BUFFERS_FULL, Alert.INTERNAL_ERROR);

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
        Alert alert = reason.equals(CloseReason.HELLO_MALFORMED) ? flawAlert : ALERTS.get(reason);
        return alert == null ? NOTHING : alert.record(records.version());
    }

    private Verdict parse(ByteBuffer bytes) {
        ClientHelloParser parser = new ClientHelloParser();
        Optional<ClientHelloFlaw> flaw = parser.parse(records.clientHello(bytes));
        return flaw.isPresent() ? refuse(flaw.get()) : new Verdict.Recognised(parser.prelude());
    }

    private Verdict refuse(ClientHelloFlaw flaw) {
        flawAlert = flaw.alert();
        return flaw.verdict();
    }
}
