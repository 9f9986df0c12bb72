// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
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
        // Whoever sent less than a header, or other bytes, would not understand.
        if (!records.headerSeen()) {
            return NOTHING;
        }
        Optional<Alert> alert = reason.equals(CloseReason.HELLO_MALFORMED) ? Optional.of(flawAlert) : Alert.of(reason);
        return alert.map(known -> known.record(records.version())).orElse(NOTHING);
    }

    private Verdict parse(ByteBuffer bytes) {
        ClientHelloParser parser = new ClientHelloParser();
        Optional<ClientHelloFlaw> flaw = parser.parse(records.clientHello(bytes));
        return flaw.isPresent() ? refuse(flaw.get()) : new Verdict.Recognised(parser.prelude(Prelude.TLS));
    }

    private Verdict refuse(ClientHelloFlaw flaw) {
        flawAlert = flaw.alert();
        return flaw.verdict();
    }
}
