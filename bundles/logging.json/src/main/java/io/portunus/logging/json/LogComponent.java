// SPDX-License-Identifier: Apache-2.0
package io.portunus.logging.json;

import ch.qos.logback.classic.Level;
import io.portunus.node.api.BundlePart;
import io.portunus.node.api.LogLevels;
import io.portunus.node.api.Post;
import io.portunus.node.api.PromptOutput;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.time.Duration;
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

/**
 * Puts our appender into logback while a configuration is there, once no other version of this bundle has it; that one goes on until then, so no line
 * is lost between them. Thread-safe.
 */
@Component(immediate = true, service = LogLevels.class, configurationPid = LogConfig.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = LogConfig.class)
public final class LogComponent implements LogLevels, Post.Holder {
    /** Longest wait for the version that waited for the log. */
    private static final Duration HAND_ON = Duration.ofSeconds(10);
    private final LogbackLevels levels;
    private final Level level;
    private final LineFormat format;
    private final Post post;
    /** Volatile: set by the thread that takes the post, read by the one that leaves it. */
    private volatile Optional<LogOutput> output = Optional.empty();
    /** Whether another version waits for the log when this one goes. Volatile: as above. */
    private volatile boolean awaited;
    /** Volatile: bound and unbound by the framework's threads, read by the log's writer. */
    private volatile @Nullable PromptOutput prompt;

    /** Takes logback over once it is this version's; the command line, by framework properties, goes before the file. */
    @Activate
    public LogComponent(BundleContext bundles, LogConfig config) {
        level = LogbackLevels.parse(Optional.ofNullable(bundles.getProperty("portunus.log.level")).orElse(config.level()));
        format = LineFormat.of(Optional.ofNullable(bundles.getProperty("portunus.log.format")).orElse(config.format()));
        levels = new LogbackLevels(LogOutput.context(LoggerFactory::getILoggerFactory));
        post = Post.apply(new BundlePart(bundles.getBundle().getSymbolicName(), bundles.getBundle().getVersion().toString(), "log"), this);
    }

    @Override
    public void take(Post taken) {
        // Not System.err: its lock would let a stuck terminal reach other threads that print.
        var stderr = new FileOutputStream(FileDescriptor.err);
        output = Optional.of(LogOutput.install(LogOutput.context(LoggerFactory::getILoggerFactory), level, format,
            new BesidePrompt(stderr, () -> Optional.ofNullable(prompt))));
    }

    @Override
    public void leave() {
        if (!awaited) {
            output.ifPresent(LogOutput::close);
        }
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
        awaited = post.awaited();
        if (awaited) {
            post.close(atMost -> {
                if (output.isPresent()) {
                    output.get().handOn(HAND_ON);
                }
            });
        } else {
            post.close();
        }
    }

    @Override
    public Map<String, String> levels() {
        return levels.levels();
    }

    @Override
    public void level(String logger, String to) {
        levels.level(logger, to);
    }
}
