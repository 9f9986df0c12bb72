// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import io.portunus.node.api.LogLevels;
import io.portunus.node.api.PromptOutput;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.LoggerFactory;

/** Puts our appender into logback while a configuration is there. */
@Component(immediate = true, service = LogLevels.class, configurationPid = LogConfig.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = LogConfig.class)
public final class LogComponent implements LogLevels {
    private final LogOutput output;
    /** Volatile: bound and unbound by the framework's threads, read by the log's writer. */
    private volatile @Nullable PromptOutput prompt;

    /** Takes logback over; the command line, by framework properties, goes before the file. */
    @Activate
    public LogComponent(BundleContext bundles, LogConfig config) {
        var level = LogbackLevels.parse(Optional.ofNullable(bundles.getProperty("portunus.log.level")).orElse(config.level()));
        var format = LineFormat.of(Optional.ofNullable(bundles.getProperty("portunus.log.format")).orElse(config.format()));
        // Not System.err: its lock would let a stuck terminal reach other threads that print.
        var stderr = new FileOutputStream(FileDescriptor.err);
        output = LogOutput.install(LogOutput.context(LoggerFactory::getILoggerFactory), level, format,
            new BesidePrompt(stderr, () -> Optional.ofNullable(prompt)));
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindPrompt(PromptOutput newer) {
        prompt = newer;
    }

    void unbindPrompt(PromptOutput gone) {
        if (prompt == gone) {
            prompt = null;
        }
    }

    @Deactivate
    void deactivate() {
        output.close();
    }

    @Override
    public Map<String, String> levels() {
        return output.levels().levels();
    }

    @Override
    public void level(String logger, String level) {
        output.levels().level(logger, level);
    }
}
