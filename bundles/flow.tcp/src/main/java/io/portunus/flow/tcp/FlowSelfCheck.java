// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.memory.MemoryPath;
import io.portunus.flow.memory.Rehearsal;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Problem;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Carries a few flows in memory, by copy and by lane, before anybody is served. Takes milliseconds, opens no socket and looks up no name.
 * Thread-safe.
 */
@Component(service = SelfCheck.class)
public final class FlowSelfCheck implements SelfCheck {
    private static final String BUNDLE = "flow.tcp";

    /** Needs nothing and has no configuration. */
    @Activate
    public FlowSelfCheck() {
    }

    @Override
    public List<Problem> run() {
        List<Problem> problems = new ArrayList<>(Rehearsal.all(BUNDLE, new TcpHandler()));
        TcpHandler withLanes = new TcpHandler();
        MemoryPath path = new MemoryPath();
        withLanes.bindBulk(path);
        problems.addAll(Rehearsal.all(BUNDLE, withLanes));
        if (path.opened == 0 || path.opened != path.closed) {
            problems.add(Problem.of(SelfCheck.FAILED, BUNDLE, "of " + path.opened + " lanes for bulk " + path.closed
                + " were given back"));
        }
        return problems;
    }
}
