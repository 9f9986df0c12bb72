// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Verdict;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.Function;

/** An inspection whose exceptions are a verdict: a broken inspector refuses its own connection and no other. Confined to the flow's loop. */
final class GuardedInspection implements Inspection {
    /** The verdict of one that threw. */
    static final Verdict BROKEN = Verdict.flawed(CloseReason.INTERNAL_ERROR, "the inspector failed");
    private static final byte[] NOTHING = {};

    private final Inspection inspection;
    private final Consumer<Throwable> onFault;

    GuardedInspection(Inspection inspection, Consumer<Throwable> onFault) {
        this.inspection = inspection;
        this.onFault = onFault;
    }

    @Override
    public Verdict inspect(ByteBuffer bytes) {
        try {
            return inspection.inspect(bytes);
        } catch (Throwable lastResort) {
            onFault.accept(lastResort);
            return BROKEN;
        }
    }

    @Override
    public byte[] refusal(CloseReason reason) {
        return refusal(reason, inspection::refusal, onFault);
    }

    /** What an inspection sends to whom it refuses; nothing from one that is broken, or throws here. */
    static byte[] refusal(CloseReason reason, Function<CloseReason, byte[]> inspection, Consumer<Throwable> onFault) {
        if (reason.equals(CloseReason.INTERNAL_ERROR)) {
            return NOTHING;
        }
        try {
            return inspection.apply(reason);
        } catch (Throwable lastResort) {
            onFault.accept(lastResort);
            return NOTHING;
        }
    }
}
