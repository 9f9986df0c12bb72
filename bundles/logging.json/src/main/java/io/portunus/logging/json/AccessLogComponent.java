// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.spi.FlowRecordSink;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;

/** Takes access records; writes them if the configuration asks for it. */
@Component(service = FlowRecordSink.class, configurationPid = LogConfig.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class AccessLogComponent implements FlowRecordSink {
    private final Optional<AccessLog> log;

    /** Starts the writer if it is asked for. */
    @Activate
    public AccessLogComponent(BundleContext bundles, LogConfig config) {
        log = config.access_log() ? Optional.of(new AccessLog(file(bundles.getProperty("portunus.state")), AccessFile.MAX_BYTES)) : Optional.empty();
    }

    private static Path file(@Nullable String state) {
        if (state == null) {
            throw new IllegalStateException("access records have no place, because the framework property portunus.state is not set");
        }
        return Path.of(state, "access.log");
    }

    @Deactivate
    void deactivate() {
        log.ifPresent(AccessLog::close);
    }

    @Override
    public boolean offer(FlowRecord flow) {
        return log.isEmpty() || log.get().offer(flow);
    }
}
