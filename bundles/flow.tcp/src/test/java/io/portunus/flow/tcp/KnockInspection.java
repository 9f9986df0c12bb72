// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Three times {@code 'k'}; its word is the reason's code. It spoils its buffer, which is nobody's business but its own. */
final class KnockInspection implements Inspection {
    private final String kind;
    int calls;

    KnockInspection(String kind) {
        this.kind = kind;
    }

    @Override
    public Verdict inspect(ByteBuffer bytes) {
        calls++;
        assert bytes.isReadOnly() && bytes.position() == 0;
        int knocks = 0;
        while (bytes.hasRemaining() && knocks < 3) {
            if (bytes.get() != 'k') {
                return Verdict.foreign(CloseReason.NOT_TLS, "no knock");
            }
            knocks++;
        }
        return knocks == 3 ? new Verdict.Recognised(Prelude.of(kind)) : Verdict.MORE;
    }

    @Override
    public byte[] refusal(CloseReason reason) {
        return reason.code().getBytes(StandardCharsets.US_ASCII);
    }
}
