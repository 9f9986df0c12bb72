// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import io.portunus.flow.api.FlowRecord;
import io.portunus.flow.spi.FlowRecordSink;
import io.portunus.node.api.BundlePart;
import io.portunus.node.api.LogFiles;
import io.portunus.node.api.Post;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Takes access records, and writes them as the configuration sets; another configuration takes effect without one being lost. So does another
 * version: what it gets before the older one has written its last record waits. Thread-safe.
 */
@Component(service = {FlowRecordSink.class, LogFiles.class}, configurationPid = AccessLogConfig.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = AccessLogConfig.class)
public final class AccessLogComponent implements FlowRecordSink, LogFiles, Post.Holder {
    private final AccessLog log = AccessLog.waiting(AccessLog.RING_BYTES);
    private final Optional<String> state;
    private final Post post;

    /** Starts the writer. */
    @Activate
    public AccessLogComponent(BundleContext bundles, AccessLogConfig config) {
        state = Optional.ofNullable(bundles.getProperty("portunus.state"));
        modified(config);
        post = Post.apply(new BundlePart(bundles.getBundle().getSymbolicName(), bundles.getBundle().getVersion().toString(), "records"), this);
    }

    @Override
    public void take(Post taken) {
        log.begin();
    }

    @Override
    public void leave() {
        log.close();
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
        post.close();
        // It has no thread any more if the post was its own.
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
