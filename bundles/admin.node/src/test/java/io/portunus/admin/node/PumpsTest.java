// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.spi.BulkLane;
import io.portunus.flow.spi.BulkPath;
import io.portunus.flow.spi.Stream;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class PumpsTest {
    private final NodeClient client;

    PumpsTest(@TempDir Path state) throws Exception {
        client = NodeClient.of(state);
    }

    @AfterEach
    void close() {
        client.close();
    }

    private record FakePath(Optional<Problem> unavailable) implements BulkPath {
        @Override
        public String name() {
            return "splice";
        }

        @Override
        public Optional<BulkLane> open(Stream source, Stream sink) {
            throw new AssertionError("nobody asked for a lane");
        }
    }

    @Test
    void namesThePathThatMovesBulk() throws Exception {
        client.node.bulk = Optional.of(new FakePath(Optional.empty()));

        assertThat(client.get("/v1/status").body()).contains("\"pump\":\"splice\"");
        assertThat(client.get("/readyz").body()).contains("\"pump\":\"splice\"").doesNotContain("pump_problem");
    }

    @Test
    void statesWhyBulkIsCopied() throws Exception {
        client.node.bulk = Optional.of(new FakePath(Optional.of(Problem.of(ProblemCode.COMPONENT_MISSING, "", "give the flag"))));

        assertThat(client.get("/v1/status").body()).contains("\"pump\":\"copy\"");
        assertThat(client.get("/readyz").body()).contains("\"pump\":\"copy\"").contains("give the flag");
    }

    @Test
    void copiesWithoutAPath() throws Exception {
        assertThat(client.get("/readyz").body()).contains("\"pump\":\"copy\"").doesNotContain("pump_problem");
    }
}
