// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.flow.spi.SelfCheck;
import io.portunus.linux.api.SystemCalls;
import io.portunus.model.Problem;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Sends a word forth and back by a transport of its own, as a stream and as a datagram. Where there are no system calls there is nothing to check:
 * no other version could. Thread-safe: each run has everything of its own.
 */
@Component(service = SelfCheck.class)
public final class EpollSelfCheck implements SelfCheck {
    /** Volatile: replaced when they are upgraded. */
    private volatile Optional<SystemCalls> calls = Optional.empty();

    /** Has no configuration. */
    @Activate
    public EpollSelfCheck() {
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindCalls(SystemCalls newer) {
        calls = Optional.of(newer);
    }

    void unbindCalls(SystemCalls older) {
        if (calls.filter(bound -> bound == older).isPresent()) {
            calls = Optional.empty();
        }
    }

    @Override
    public List<Problem> run() {
        return calls.flatMap(bound -> EpollTrial.run(bound).or(() -> EpollTrial.ofDatagrams(bound)))
            .map(wrong -> Problem.of(SelfCheck.FAILED, "transport.epoll", wrong)).stream().toList();
    }
}
