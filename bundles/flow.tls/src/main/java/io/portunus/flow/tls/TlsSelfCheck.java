// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import io.portunus.flow.spi.DatagramSample;
import io.portunus.flow.spi.PreludeSample;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Problem;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Reads a few known ClientHellos before anybody is served: those of TLS cut at every byte once, those of QUIC in several orders, by which also
 * the ciphers are found before a loop needs them. Takes milliseconds. Thread-safe: it has no state.
 */
@Component(service = SelfCheck.class)
public final class TlsSelfCheck implements SelfCheck {
    /** Needs nothing and has no configuration. */
    @Activate
    public TlsSelfCheck() {
    }

    @Override
    public List<Problem> run() {
        return Stream.concat(PreludeSample.misread(new TlsInspector(), SampleClientHellos.ALL).stream(),
            DatagramSample.misread(new QuicInspector(), SampleInitials.ALL).stream()).toList();
    }
}
