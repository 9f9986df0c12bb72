// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.framework;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.itest.testkit.Await;
import io.portunus.itest.testkit.Backend;
import io.portunus.itest.testkit.Ports;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.RuleSet;
import io.portunus.node.api.Publication;
import io.portunus.node.api.Publication.Why;
import io.portunus.node.api.RuleCatalog;
import io.portunus.node.api.RulePublisher;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.junit5.context.BundleContextExtension;

/** Rules of several sources on one node, and of one that cannot be asked any more. */
@ExtendWith(BundleContextExtension.class)
@Timeout(60)
class RuleSourcesTest {
    private static final byte[] WORDS = "there and back again".getBytes(US_ASCII);
    private static final Problem WHY = Problem.of(ProblemCode.IO_ERROR, "", "the controller does not answer");

    private final int port = Ports.free();
    private Backend backend;
    private Node node;

    @BeforeEach
    void start(@InjectBundleContext BundleContext context) throws Exception {
        node = Node.start(context);
        backend = Backend.echo();
    }

    @AfterEach
    void stop() throws Exception {
        backend.close();
        node.close();
    }

    @Test
    void theLastRulesServeWhileTheirSourceCannotBeAskedAndTheNodeReportsIt() throws Exception {
        RuleSet set = new RuleSet("r7", List.of(Rules.plain(port, backend.port())));
        assertThat(publisher().publish("edge", set)).isEqualTo(Publication.WELL);
        RuleCatalog catalog = node.service(RuleCatalog.class);
        Await.until("the set is on disk", Node.SOON, () -> catalog.sources().getFirst().stored().equals(Optional.of("r7")));

        node.stop("rules.core");
        node.start("rules.core");

        assertThat(publisher().publishLast("edge", WHY)).contains(Publication.WELL);
        try (Client client = Client.connect(port)) {
            assertThat(client.exchange(WORDS)).isEqualTo(WORDS);
        }
        assertThat(node.readiness(200)).contains("\"degraded\":true", "the last rules of the source 'edge' are in force", "does not answer");
        assertThat(node.get("/v1/status").orElseThrow().body())
            .contains("\"rule_sources\":[{\"name\":\"edge\",\"revision\":\"r7\"", "\"stored\":\"r7\",\"last\":\"the controller");
        publisher().publish("edge", set);
        assertThat(node.readiness(200)).contains("\"degraded\":false");
    }

    @Test
    void ofTwoSourcesThatNameAPortTheFirstKeepsItAndTheOtherIsAnsweredConflict() throws Exception {
        publisher().publish("edge", new RuleSet("e1", List.of(Rules.plain(port, backend.port()))));

        Publication publication = publisher().publish("file", new RuleSet("f1", List.of(Rules.plain(port, 1).withBind(Optional.empty()))));

        assertThat(publication.answers()).singleElement().satisfies(answer -> assertThat(answer.why()).isEqualTo(Why.CONFLICT));
        try (Client client = Client.connect(port)) {
            assertThat(client.exchange(WORDS)).isEqualTo(WORDS);
        }
        assertThat(node.readiness(200)).contains("\"degraded\":true");
        assertThat(node.get("/v1/rules").orElseThrow().body()).contains("\"failed\"").contains("of the source 'edge'");
    }

    private RulePublisher publisher() {
        return node.service(RulePublisher.class);
    }
}
