// SPDX-License-Identifier: Apache-2.0
package com.example.mqtt;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Handover;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Inspector;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;

/**
 * Recognises MQTT by its CONNECT packet, kind {@code "mqtt"}: a rule with {@code match = { kind = "mqtt" }} gets it. Counts what it has
 * recognised, and hands the count over to the version that replaces it. Thread-safe.
 */
@Component(service = {Inspector.class, Handover.class}, configurationPid = MqttConfig.PID)
public final class MqttInspector implements Inspector, Handover {
    /** The kind that rules name. */
    static final String KIND = "mqtt";
    private static final String RECOGNISED = "recognised";

    private final LongAdder recognised = new LongAdder();
    /** Replaced when the file is changed, read for each connection. */
    private volatile Set<String> levels = Set.of();

    /** Begins with what the table sets. */
    @Activate
    public MqttInspector(MqttConfig config) {
        modified(config);
    }

    /** Recognises every level, for the check of itself. */
    MqttInspector() {
        // Nothing is configured.
    }

    @Modified
    void modified(MqttConfig config) {
        levels(config.levels());
    }

    /** Recognises these levels only; none: all of them. */
    void levels(String... only) {
        levels = Set.of(only);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public List<CloseReason> reasons() {
        return List.of(ConnectInspection.LEVEL_NOT_WANTED);
    }

    @Override
    public Inspection begin() {
        Set<String> now = levels;
        return new ConnectInspection(level -> now.isEmpty() || now.contains(Byte.toString(level)), recognised::increment);
    }

    @Override
    public Map<String, Object> give() {
        return Map.of(RECOGNISED, recognised.sum());
    }

    @Override
    public void take(Map<String, Object> state) {
        if (state.get(RECOGNISED) instanceof Number count) {
            recognised.add(count.longValue());
        }
    }
}
