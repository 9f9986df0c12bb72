// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.memory;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
import java.nio.ByteBuffer;

/** The protocol of rehearsals: one byte is the name, {@code '!'} ends the prelude, and what begins with {@code '?'} is none. Stateless. */
public final class SampleInspection implements Inspection {
    @Override
    public Verdict inspect(ByteBuffer bytes) {
        if (bytes.get(0) == '?') {
            return Verdict.foreign(CloseReason.NOT_TLS, "not ours");
        }
        return bytes.get(bytes.limit() - 1) == '!' ? new Verdict.Recognised(Prelude.tls((char) bytes.get(0) + ".test")) : Verdict.MORE;
    }

    @Override
    public byte[] refusal(CloseReason reason) {
        return reason.equals(CloseReason.NO_MATCHING_NAME) ? new byte[] {'N', 'O'} : new byte[0];
    }
}
