// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.portunus.admin.api.Reply;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Problem;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Writes a body and reads one, which is what the resources need of others. Stateless. */
@Component(service = SelfCheck.class)
public final class ResourcesSelfCheck implements SelfCheck {
    private static final String RIGHT = "{\"self_check\":\"ok\"}";

    /** Needs nothing and has no configuration. */
    @Activate
    public ResourcesSelfCheck() {
    }

    private record Sample(String selfCheck, Optional<String> absent) {
    }

    @Override
    public List<Problem> run() {
        Reply written = Json.reply(new Sample("ok", Optional.empty()));
        Map<String, String> read = TextFields.read(new ByteArrayInputStream(RIGHT.getBytes(UTF_8)), Set.of("self_check")).values();
        boolean right = new String(written.body(), UTF_8).equals(RIGHT) && read.equals(Map.of("self_check", "ok"));
        return right ? List.of() : List.of(Problem.of(SelfCheck.FAILED, "", "A known body was written or read as another."));
    }
}
