// SPDX-License-Identifier: Apache-2.0
package com.example.cap;

import io.portunus.flow.spi.Admission;
import io.portunus.flow.spi.AdmissionRequest;
import io.portunus.flow.spi.Policy;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Caps what all flows together may move, each way by the same rate: the system properties {@code cap.bytes_per_second} and
 * {@code cap.burst_bytes} (a tenth of a second's worth unless it is set). Refuses nobody. Thread-safe.
 */
@Component
public final class CapPolicy implements Policy {
    private final Bucket in;
    private final Bucket out;

    /** As the system properties say. */
    @Activate
    public CapPolicy() {
        this(Long.getLong("cap.bytes_per_second", 1_000_000), Long.getLong("cap.burst_bytes", 0), System::nanoTime);
    }

    /**
     * By another time than the system's.
     *
     * @param bytesPerSecond the rate, each way
     * @param burst bytes that may go at once after a silence; 0 for a tenth of a second's worth
     */
    public CapPolicy(long bytesPerSecond, long burst, LongSupplier nanos) {
        long holds = burst > 0 ? burst : Math.max(bytesPerSecond / 10, 1);
        in = new Bucket(bytesPerSecond, holds, nanos);
        out = new Bucket(bytesPerSecond, holds, nanos);
    }

    @Override
    public String kind() {
        return "cap";
    }

    @Override
    public Admission admit(AdmissionRequest request) {
        return new Admission.Granted(new CapLease(in, out, request.loop()));
    }
}
