// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.DatagramInspection;
import io.portunus.flow.spi.Verdict;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** A look at datagrams whose exceptions are a verdict, as {@link GuardedInspection} is one at a connection. Confined to its loop. */
final class GuardedDatagramInspection implements DatagramInspection {
    private final DatagramInspection inspection;
    private final Consumer<Throwable> onFault;

    GuardedDatagramInspection(DatagramInspection inspection, Consumer<Throwable> onFault) {
        this.inspection = inspection;
        this.onFault = onFault;
    }

    @Override
    public Verdict inspect(ByteBuffer datagram) {
        try {
            return inspection.inspect(datagram);
        } catch (Throwable lastResort) {
            onFault.accept(lastResort);
            return GuardedInspection.BROKEN;
        }
    }

    @Override
    public int kept() {
        try {
            return inspection.kept();
        } catch (Throwable lastResort) {
            onFault.accept(lastResort);
            return 0;
        }
    }

    @Override
    public byte[] refusal(CloseReason reason) {
        return GuardedInspection.refusal(reason, inspection::refusal, onFault);
    }
}
