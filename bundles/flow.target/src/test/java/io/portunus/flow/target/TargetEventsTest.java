// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.portunus.flow.spi.NameAnswer;
import io.portunus.model.Probe;
import io.portunus.model.Rule;
import io.portunus.model.TargetGroup.Pick;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class TargetEventsTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(TargetEvents.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final World world = new World();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.DEBUG);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    private List<String> logged() {
        return log.list.stream().map(event -> event.getLevel() + " " + event.getKeyValuePairs().stream().filter(pair -> !pair.key.equals("name"))
            .map(pair -> pair.key + "=" + pair.value).collect(Collectors.joining(" "))).toList();
    }

    @Test
    void logsEachChangeOfHealthOnce() {
        Rule rule = world.apply(World.group(Pick.FIRST, World.target("192.0.2.1:80")));
        world.fail(rule, "192.0.2.1:80");
        world.connect(rule);
        world.connect(rule);
        world.connect(rule);

        assertThat(logged()).containsExactly(
            "INFO rule=1 target=192.0.2.1:80 event=rule.target.health_changed healthy=false reason=refused",
            "INFO rule=1 target=192.0.2.1:80 event=rule.target.health_changed healthy=true reason=connected");
    }

    @Test
    void logsTheFirstBadProbeOfARowLouder() {
        Rule rule = World.rule(1, World.group(Pick.FIRST, World.target("192.0.2.1:80")));
        TargetState state = new TargetState(rule, rule.targets().targets().getFirst(), world.environment, new TargetEvents(() -> 1));
        Probe probe = Probe.tcp(Duration.ofSeconds(1));

        List.of(ProbeResult.GOOD, ProbeResult.TIMEOUT, ProbeResult.REFUSED).forEach(result -> state.probed(probe, result));

        assertThat(logged()).containsExactly(
            "DEBUG rule=1 target=192.0.2.1:80 event=rule.target.probe_ok",
            "INFO rule=1 target=192.0.2.1:80 event=rule.target.probe_timeout reason=probe_timeout",
            "DEBUG rule=1 target=192.0.2.1:80 event=rule.target.probe_failed reason=probe_refused");
    }

    @Test
    void logsANameThatFailsOnceAMinute() {
        FakeNames names = new FakeNames();
        names.known.put("a.example", FakeNames.failing(NameAnswer.Problem.NXDOMAIN));
        names.known.put("b.example", FakeNames.failing(NameAnswer.Problem.OVERLOADED));
        world.targets.names(names);
        Rule rule = world.apply(World.group(Pick.FIRST, World.target("a.example:80"), World.target("b.example:80")));

        world.order(rule);
        world.order(rule);
        world.pass(TargetEvents.DNS_QUIET);
        world.order(rule);

        assertThat(logged().stream().filter(line -> line.contains("dns_failed")).toList()).containsExactly(
            "WARN rule=1 target=a.example:80 event=rule.dns_failed host=a.example reason=nxdomain",
            "WARN rule=1 target=b.example:80 event=rule.dns_failed host=b.example reason=resolver_overloaded",
            "WARN rule=1 target=a.example:80 event=rule.dns_failed host=a.example reason=nxdomain",
            "WARN rule=1 target=b.example:80 event=rule.dns_failed host=b.example reason=resolver_overloaded");
    }
}
