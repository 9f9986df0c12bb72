// SPDX-License-Identifier: Apache-2.0
package io.portunus.stats.socket;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.portunus.flow.api.RuleCounts;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Match;
import io.portunus.model.PortRange;
import io.portunus.model.Problem;
import io.portunus.model.Rule;
import io.portunus.model.TargetAddress;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Writes the lines of a rule that is made up, before anybody reads; no socket is touched. Thread-safe: it has no state. */
@Component(service = SelfCheck.class)
public final class LinesSelfCheck implements SelfCheck {
    private static final String HELLO = "{\"v\":1,\"daemon_version\":\"1\",\"daemon_started_at_ms\":0,\"refresh_ms\":250,\"rules\":["
        + "{\"id\":\"7\",\"name\":\"known\",\"proto\":\"tcp\",\"listen\":\"443\",";
    private static final String SNAPSHOT = "{\"t_ms\":1,\"uptime_ms\":2,\"seq\":3,\"process\":{\"fd_open\":0,\"fd_limit\":0,\"rss_bytes\":0},"
        + "\"r\":[{\"id\":\"7\",\"in\":11,\"out\":0,";

    /** Needs nothing and has no configuration. */
    @Activate
    public LinesSelfCheck() {
    }

    @Override
    public List<Problem> run() {
        Rule rule = Rule.of(7, "known", List.of(PortRange.of(443)), Match.ANY, TargetAddress.parse("[::1]:9000"));
        byte[] hello = StatsSource.line(new Hello(Hello.PROTOCOL, "1", 0, 250, List.of(Hello.RuleLine.of(rule, true))));
        RuleCounts counts = new RuleCounts("known", "7", 11, 0, 0, 0, 0, 0, 0, 0, 0, false);
        Snapshot.RuleLine line = new Snapshot.RuleLine("7", counts.bytesIn(), 0, 0, 0, 0, 0, 0, 0, Snapshot.Errors.of(0, counts), List.of());
        byte[] snapshot = SnapshotLine.of(1, 2, StatsSource.line(new Snapshot(new Snapshot.ProcessLine(0, 0, 0), List.of(line)))).numbered(3);
        boolean right = begins(hello, HELLO) && begins(snapshot, SNAPSHOT);
        return right ? List.of() : List.of(Problem.of(SelfCheck.FAILED, "", "The lines of a known rule were written as others."));
    }

    private static boolean begins(byte[] line, String beginning) {
        return new String(line, US_ASCII).startsWith(beginning);
    }
}
