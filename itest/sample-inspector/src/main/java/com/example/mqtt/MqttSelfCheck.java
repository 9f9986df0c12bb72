// SPDX-License-Identifier: Apache-2.0
package com.example.mqtt;

import io.portunus.flow.spi.SelfCheck;
import io.portunus.flow.spi.Verdict;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Reads packets whose answers are known, byte by byte. A bundle that offers this service can be replaced while the node forwards. */
@Component
public final class MqttSelfCheck implements SelfCheck {
    private static final byte[] CONNECT = "\u0010\u000f\0\4MQTT\5\2\0\74\0\0\3abc".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] HTTP = "GET / HTTP/1.1\r\n".getBytes(StandardCharsets.ISO_8859_1);

    /** Needs nothing. */
    @Activate
    public MqttSelfCheck() {
    }

    @Override
    public List<Problem> run() {
        List<Problem> problems = new ArrayList<>();
        if (!(lastVerdict(CONNECT) instanceof Verdict.Match)) {
            problems.add(problem("a CONNECT packet of MQTT 5 is not recognised"));
        }
        if (!(lastVerdict(HTTP) instanceof Verdict.No)) {
            problems.add(problem("a request of HTTP is taken for MQTT"));
        }
        return problems;
    }

    private static Verdict lastVerdict(byte[] packet) {
        ConnectInspection inspection = new ConnectInspection(() -> { });
        Verdict verdict = Verdict.MORE;
        for (int length = 1; length <= packet.length && verdict == Verdict.MORE; length++) {
            verdict = inspection.inspect(ByteBuffer.wrap(packet, 0, length));
        }
        return verdict;
    }

    private static Problem problem(String text) {
        return Problem.of(ProblemCode.SELF_CHECK_FAILED, "", text);
    }
}
