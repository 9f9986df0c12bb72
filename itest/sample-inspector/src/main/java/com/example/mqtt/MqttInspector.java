// SPDX-License-Identifier: Apache-2.0
package com.example.mqtt;

import io.portunus.flow.spi.Handover;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Inspector;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Recognises MQTT by its CONNECT packet, kind {@code "mqtt"}: a rule with {@code match = { kind = "mqtt" }} gets it. Counts what it has
 * recognised, and hands the count over to the version that replaces it. Thread-safe.
 */
@Component(service = {Inspector.class, Handover.class})
public final class MqttInspector implements Inspector, Handover {
    /** The kind that rules name. */
    static final String KIND = "mqtt";
    private static final String RECOGNISED = "recognised";

    private final LongAdder recognised = new LongAdder();

    /** Needs nothing. */
    @Activate
    public MqttInspector() {
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Inspection begin() {
        return new ConnectInspection(recognised::increment);
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
