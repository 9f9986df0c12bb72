// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tls;

import io.portunus.flow.spi.PreludeSample;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Problem;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Reads a few known ClientHellos before anybody is served, each cut at every byte once. Takes milliseconds. Thread-safe: it has no state. */
@Component(service = SelfCheck.class)
public final class TlsSelfCheck implements SelfCheck {
    /** Needs nothing and has no configuration. */
    @Activate
    public TlsSelfCheck() {
    }

    @Override
    public List<Problem> run() {
        return PreludeSample.misread(new TlsInspector(), SampleClientHellos.ALL);
    }
}
