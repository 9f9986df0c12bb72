// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import io.portunus.node.api.Change;
import io.portunus.node.api.ChangeLog;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.LoggerFactory;

/** Writes changes down from the start, without a configuration: that of the log may itself be what is changed. */
@Component(immediate = true, service = ChangeLog.class)
public final class ChangeLogComponent implements ChangeLog {
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
}
