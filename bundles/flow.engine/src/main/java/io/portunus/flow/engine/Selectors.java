// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.ProviderView.Role;
import io.portunus.flow.spi.TargetSelector;
import io.portunus.model.ForwardingTable;
import java.util.IdentityHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each selector of targets what is in force: the table to the one that serves, an empty one to the others. Thread-safe; one is called
 * at a time, so that none receives an older table last.
 */
final class Selectors {
    private static final Logger LOG = LoggerFactory.getLogger(Selectors.class);

    private final IdentityHashMap<TargetSelector, ForwardingTable> notified = new IdentityHashMap<>();

    synchronized void announce(Serving serving, ForwardingTable table) {
        IdentityHashMap<TargetSelector, ForwardingTable> wanted = new IdentityHashMap<>();
        serving.all(Role.SELECTOR).forEach(p -> wanted.put(p.as(TargetSelector.class), ForwardingTable.EMPTY));
        serving.of(Post.TARGETS).ifPresent(p -> wanted.put(p.as(TargetSelector.class), table));
        notified.keySet().retainAll(wanted.keySet());
        wanted.forEach((selector, its) -> {
            if (notified.put(selector, its) != its) {
                announce(selector, its);
            }
        });
    }

    private static void announce(TargetSelector selector, ForwardingTable table) {
        try {
            selector.applied(table);
        } catch (Throwable lastResort) {
            LOG.atError().addKeyValue("event", "flow.internal_error").setCause(lastResort).log("a selector of targets did not take the rules");
        }
    }
}
