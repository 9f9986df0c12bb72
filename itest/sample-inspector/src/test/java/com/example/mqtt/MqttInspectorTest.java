// SPDX-License-Identifier: Apache-2.0
package com.example.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.Verdict;
import io.portunus.itest.contracts.Cuts;
import io.portunus.itest.contracts.InspectorContract;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every inspector holds to, and what is this one's own. */
class MqttInspectorTest extends InspectorContract {
    private static final String LEVEL_4 = "\u0010\u000f\0\4MQTT\4\2\0\74\0\3abc";

    MqttInspectorTest() {
        super(new MqttInspector(), new MqttSelfCheck(), MqttSelfCheck.SAMPLES);
    }

    @Test
    void refusesALevelThatIsNotConfigured() {
        MqttInspector inspector = new MqttInspector();
        assertThat(new Cuts(inspector::begin).verdict(LEVEL_4)).isInstanceOf(Verdict.Recognised.class);

        inspector.levels("5");

        assertThat(new Cuts(inspector::begin).verdict(LEVEL_4)).isEqualTo(ConnectInspection.OTHER_LEVEL);
    }

    @Test
    void handsItsCountToTheNextVersion() {
        MqttInspector older = new MqttInspector();
        new Cuts(older::begin).verdict(LEVEL_4);
        MqttInspector newer = new MqttInspector();

        newer.take(older.give());

        assertThat(newer.give()).isEqualTo(Map.of("recognised", 1L));
    }
}
