// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.ssh;

import io.portunus.flow.spi.PreludeSample;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
import io.portunus.model.Problem;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Reads a few known beginnings before anybody is served, each cut at every byte once. Takes milliseconds. Thread-safe: it has no state. */
@Component(service = SelfCheck.class)
public final class SshSelfCheck implements SelfCheck {
    private static final Verdict SSH = new Verdict.Recognised(Prelude.of(SshInspector.KIND));

    /** Lines as clients write them, and what only looks like one. */
    static final List<PreludeSample> SAMPLES = List.of(
        new PreludeSample("OpenSSH", SSH, "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\nrest"),
        new PreludeSample("without carriage return", SSH, "SSH-2.0-Old_1\n"),
        new PreludeSample("compatible version", SSH, "SSH-1.99-PuTTY\r\n"),
        new PreludeSample("control character", SshFlaw.BYTE.verdict(), "SSH-2.0-x\0y\r\n"),
        new PreludeSample("without software", SshFlaw.FORM.verdict(), "SSH-2.0\r\n"),
        new PreludeSample("HTTP", SshFlaw.NOT_SSH.verdict(), "SEARCH / HTTP/1.1\r\n"),
        new PreludeSample("TLS", SshFlaw.NOT_SSH.verdict(), "\u0016\u0003\u0001"));

    /** Needs nothing and has no configuration. */
    @Activate
    public SshSelfCheck() {
    }

    @Override
    public List<Problem> run() {
        return PreludeSample.misread(new SshInspector(), SAMPLES);
    }
}
