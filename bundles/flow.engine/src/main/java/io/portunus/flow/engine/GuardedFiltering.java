// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.FilterVerdict;
import io.portunus.flow.spi.Filtering;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A filtering whose exceptions are a verdict: a broken filter refuses its own connection and no other. Confined to the flow's loop. */
record GuardedFiltering(Filtering filtering, Consumer<Throwable> onFault) implements Filtering {
    private static final FilterVerdict BROKEN = new FilterVerdict.No(CloseReason.INTERNAL_ERROR, "the filter failed");

    @Override
    public FilterVerdict filter(ByteBuffer bytes) {
        try {
            return filtering.filter(bytes);
        } catch (Throwable lastResort) {
            onFault.accept(lastResort);
            return BROKEN;
        }
    }

    @Override
    public CloseReason late() {
        return reason(filtering::late);
    }

    @Override
    public CloseReason tooLong() {
        return reason(filtering::tooLong);
    }

    private CloseReason reason(Supplier<CloseReason> asked) {
        try {
            return Objects.requireNonNull(asked.get(), "the filter gave no reason");
        } catch (Throwable lastResort) {
            onFault.accept(lastResort);
            return CloseReason.INTERNAL_ERROR;
        }
    }
}
