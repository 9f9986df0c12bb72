// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.api.FlowRecord;
import io.portunus.model.Prelude;
import io.portunus.model.Protocol;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a sink with a thread of its own gets is all that the flow's record had, whatever that has grown to. */
class KeptRecordTest {
    private final Map<String, Object> answers = new HashMap<>();

    private Object answer(Method method) {
        return answers.computeIfAbsent(method.getName(), name -> switch (method.getReturnType().getSimpleName()) {
            case "long" -> 1000L + answers.size();
            case "String" -> name;
            case "List" -> List.of();
            case "Optional" -> Optional.empty();
            case "InetSocketAddress" -> new InetSocketAddress("192.0.2.1", 1);
            case "Instant" -> Instant.EPOCH;
            case "Protocol" -> Protocol.UDP;
            case "Prelude" -> Prelude.NONE;
            case "CloseReason" -> CloseReason.KILLED;
            default -> throw new AssertionError(method);
        });
    }

    @Test
    void keepsAllOfTheRecord() {
        FlowRecord seen = (FlowRecord) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {FlowRecord.class},
            (of, method, given) -> answer(method));
        FlowRecord kept = KeptRecord.of(seen);

        assertThat(Arrays.stream(FlowRecord.class.getMethods()).filter(its -> !Modifier.isStatic(its.getModifiers())).toList()).hasSizeGreaterThan(20)
            .allSatisfy(its -> assertThat(its.invoke(kept)).as(its.getName()).isEqualTo(answer(its)));
    }
}
