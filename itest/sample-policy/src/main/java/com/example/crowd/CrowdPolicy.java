// SPDX-License-Identifier: Apache-2.0
package com.example.crowd;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.LimitRow;
import io.portunus.flow.spi.AcceptRequest;
import io.portunus.flow.spi.Admission;
import io.portunus.flow.spi.AdmissionRequest;
import io.portunus.flow.spi.CellKey;
import io.portunus.flow.spi.LimitsRequest;
import io.portunus.flow.spi.Policy;
import io.portunus.flow.spi.SharedCell;
import io.portunus.flow.spi.SharedCells;
import io.portunus.model.Rule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;

/**
 * Bounds how many connections are open at once: of one source by the table {@code [crowd]}, of one rule by what the rule sets,
 * {@code policies.crowd = { flows = 100 }}. The counts are in shared cells, so that a version that replaces this one goes on with them.
 * Connections that are open when it comes count, too, and those beyond what may be are ended: {@link Policy#adopts} is left as it is. Thread-safe.
 */
@Component(configurationPid = CrowdConfig.PID)
public final class CrowdPolicy implements Policy {
    /** The kind that rules name. */
    static final String KIND = "crowd";
    static final CloseReason SOURCE_FULL = new CloseReason("crowd.source_full", CloseReason.Side.SELF,
        "The source has as many connections as it may have.");
    static final CloseReason RULE_FULL = new CloseReason("crowd.rule_full", CloseReason.Side.SELF,
        "The rule has as many connections as it says.");

    /** Replaced when the file is changed, read for each connection. */
    private volatile long perSource;

    /** Begins with what the table sets. */
    @Activate
    public CrowdPolicy(CrowdConfig config) {
        modified(config);
    }

    /** Bounds no source, for the check of itself. */
    CrowdPolicy() {
        // Nothing is configured.
    }

    @Modified
    void modified(CrowdConfig config) {
        perSource = config.per_source();
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public List<CloseReason> reasons() {
        return List.of(SOURCE_FULL, RULE_FULL);
    }

    /** Whoever stands before clients of its own is not one of them. */
    @Override
    public Admission accept(AcceptRequest request) {
        long most = perSource;
        return most == 0 || request.behindFront() ? Admission.UNLIMITED
            : place(request.cells(), CellKey.of("source", request.peer()), most, SOURCE_FULL);
    }

    @Override
    public Admission admit(AdmissionRequest request) {
        return request.settings(KIND).flatMap(settings -> settings.number("flows"))
            .map(most -> place(request.cells(), CellKey.of("rule", request.rule()), most, RULE_FULL)).orElse(Admission.UNLIMITED);
    }

    private static Admission place(SharedCells cells, CellKey key, long most, CloseReason full) {
        SharedCell cell = cells.hold(key);
        if (cell.values().incrementAndGet(0) > most) {
            leave(cell);
            return new Admission.Refused(full);
        }
        return new Admission.Granted(() -> leave(cell));
    }

    /** How many connections of each rule are open, for {@code portunus:limits}; whom it refused is known without it. */
    @Override
    public List<LimitRow> limits(LimitsRequest request) {
        return request.rules().stream().map(rule -> LimitRow.ofRule(rule.name(), Map.of(LimitRow.OPEN, open(request.cells(), rule)))).toList();
    }

    private static long open(SharedCells cells, Rule rule) {
        SharedCell cell = cells.hold(CellKey.of("rule", rule));
        long open = cell.values().get(0);
        cell.release(Duration.ZERO);
        return open;
    }

    private static void leave(SharedCell cell) {
        cell.values().decrementAndGet(0);
        cell.release(Duration.ZERO);
    }
}
