// SPDX-License-Identifier: Apache-2.0
package com.example.mqtt;

import io.portunus.flow.spi.PreludeSample;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Prelude;
import io.portunus.model.Problem;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Reads packets whose verdicts are known, however they are cut. A bundle that offers this service can be replaced while the node forwards. */
@Component
public final class MqttSelfCheck implements SelfCheck {
    /** What clients of the protocol send, and what others do. */
    static final List<PreludeSample> SAMPLES = List.of(
        new PreludeSample("CONNECT of MQTT 5", new Verdict.Recognised(Prelude.of(MqttInspector.KIND)), "\u0010\u000f\0\4MQTT\5\2\0\74\0\0\3abc"),
        new PreludeSample("HTTP", ConnectInspection.NO, "GET / HTTP/1.1\r\n"));

    /** Needs nothing. */
    @Activate
    public MqttSelfCheck() {
    }

    @Override
    public List<Problem> run() {
        return PreludeSample.misread(new MqttInspector(), SAMPLES);
    }
}
