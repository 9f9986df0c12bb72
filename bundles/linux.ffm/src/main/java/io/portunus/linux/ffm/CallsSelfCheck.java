// SPDX-License-Identifier: Apache-2.0
package io.portunus.linux.ffm;

import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Problem;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Moves 1 MiB by a lane between sockets of its own, and sends a word over the loopback by the calls for sockets. Where the process may not
 * do that at all there is nothing to check: no other version could. Thread-safe: each run has everything of its own.
 */
@Component(service = SelfCheck.class)
public final class CallsSelfCheck implements SelfCheck {
    private static final int CHUNKS = 256;

    /** Needs nothing and has no configuration. */
    @Activate
    public CallsSelfCheck() {
    }

    @Override
    public List<Problem> run() {
        Platform platform = Platform.here();
        Optional<String> splice = platform.objection().isPresent() ? Optional.empty() : SpliceTrial.run(new PipeFfm(), CHUNKS);
        Optional<String> sockets = platform.noCalls().isPresent() ? Optional.empty() : SocketTrial.run(new SocketFfm());
        return Stream.of(splice, sockets).flatMap(Optional::stream).map(wrong -> Problem.of(SelfCheck.FAILED, "linux.ffm", wrong))
            .toList();
    }
}
