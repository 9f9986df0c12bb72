// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import io.portunus.flow.spi.Handover;
import io.portunus.node.api.Change;
import io.portunus.node.api.ChangeLog;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.LoggerFactory;

/**
 * Writes changes down from the start, without a configuration: that of the log may itself be what is changed. Another version gets those that are
 * kept. Thread-safe.
 */
@Component(immediate = true, service = {ChangeLog.class, Handover.class})
public final class ChangeLogComponent implements ChangeLog, Handover {
    private static final String CHANGES = "changes";
    private final ChangeEvents events = new ChangeEvents(LogOutput.context(LoggerFactory::getILoggerFactory));

    /** Begins with no change kept. */
    @Activate
    public ChangeLogComponent() {
    }

    @Override
    public void add(Change change) {
        events.add(change);
    }

    @Override
    public List<Change> recent() {
        return events.recent();
    }

    @Override
    public Map<String, Object> give() {
        return Map.of(CHANGES, events.recent().stream().map(ChangeTexts::of).toList());
    }

    @Override
    public void take(Map<String, Object> state) {
        if (state.get(CHANGES) instanceof List<?> given) {
            events.keep(given.stream().flatMap(each -> ChangeTexts.parse(each).stream()).toList());
        }
    }
}
