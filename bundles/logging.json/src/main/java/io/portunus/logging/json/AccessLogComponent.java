// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.spi.FlowRecordSink;
import io.portunus.node.api.LogFiles;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;

/** Takes access records, and writes them as the configuration sets; another configuration takes effect without one being lost. */
@Component(service = {FlowRecordSink.class, LogFiles.class}, configurationPid = AccessLogConfig.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = AccessLogConfig.class)
public final class AccessLogComponent implements FlowRecordSink, LogFiles {
    private final AccessLog log = AccessLog.start(AccessLog.RING_BYTES);
    private final Optional<String> state;

    /** Starts the writer. */
    @Activate
    public AccessLogComponent(BundleContext bundles, AccessLogConfig config) {
        state = Optional.ofNullable(bundles.getProperty("portunus.state"));
        modified(config);
    }

    @Modified
    void modified(AccessLogConfig config) {
        if (config.enabled()) {
            log.write(AccessSettings.form(config), AccessSettings.output(config, state));
        } else {
            log.off();
        }
    }

    @Deactivate
    void deactivate() {
        log.close();
    }

    @Override
    public void take(FlowRecord flow) {
        log.take(flow);
    }

    @Override
    public long dropped() {
        return log.dropped();
    }

    @Override
    public void reopen() {
        log.reopen();
    }
}
