// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.flow.api.KindOwners.Undeclared;
import io.portunus.flow.api.ProviderView;
import io.portunus.flow.api.VersionPin;
import io.portunus.model.Offer;
import io.portunus.model.Problem;
import io.portunus.model.Protocol;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several bundles that offer the same. */
class OwnersTest extends EngineSetup {
    private static final Offer TLS = new Offer("inspector", "tls");
    private final Owners owners = new Owners(engine);
    private final Named ours = new Named("tls");
    private final Named other = new Named("tls");

    @BeforeEach
    void handle() {
        run(handler, "1.0.0");
    }

    private List<String> serving() {
        return engine.providers().stream().filter(ProviderView::serving).filter(p -> p.kind().equals("tls")).map(ProviderView::bundle).toList();
    }

    private void inspect(Named inspector, String bundle, String version) {
        comes(inspector, Post.inspector(Protocol.TCP, "tls"), bundle, version);
    }

    @Test
    void firstThatComesOwnsAKindAndNobodySlipsInWhenItGoes() {
        inspect(ours, "x.ours", "1.0.0");
        inspect(other, "x.other", "1.0.0");
        assertThat(serving()).containsExactly("x.ours");

        engine.goes(ours);

        assertThat(serving()).isEmpty();
        assertThat(owners.owners()).containsEntry(TLS, "x.ours");
        inspect(new Named("tls"), "x.ours", "1.1.0");
        assertThat(serving()).containsExactly("x.ours");
    }

    @Test
    void whoIsDecidedServesWhateverTheOrder() {
        owners.decide(Map.of(TLS, "x.other"));

        inspect(ours, "x.ours", "1.0.0");
        assertThat(serving()).isEmpty();
        inspect(other, "x.other", "1.0.0");
        assertThat(serving()).containsExactly("x.other");
        owners.decide(Map.of(TLS, "x.ours"));
        assertThat(serving()).containsExactly("x.ours");
    }

    @Test
    void decisionAndVersionChangeInOneStep() {
        inspect(ours, "x.ours", "1.0.0");
        inspect(other, "x.other", "1.0.0");
        inspect(new Named("tls"), "x.other", "1.1.0");

        assertThat(owners.decide(Map.of(TLS, "x.other"), "x.other", "1.1.0")).isTrue();

        assertThat(engine.providers()).filteredOn(ProviderView::serving).filteredOn(p -> p.kind().equals("tls")).singleElement()
            .satisfies(p -> assertThat(p.bundle() + " " + p.version()).isEqualTo("x.other 1.1.0"));
        assertThat(owners.decide(Map.of(TLS, "x.other"), "x.none", "1.0.0")).isFalse();
    }

    @Test
    void pinOnABundleThatOwnsNothingHoldsNothing() throws Exception {
        inspect(ours, "x.ours", "1.0.0");
        inspect(other, "x.other", "1.0.0");
        apply(rule("a", 1, "a.test"));

        engine.pins(List.of(new VersionPin(Optional.of("a"), Optional.empty(), "x.other", "1.0.0")));

        assertThat(engine.servedBy(engine.table().listeners().iterator().next(), InetAddress.getLoopbackAddress()))
            .containsEntry("inspector.tls", "x.ours 1.0.0").containsEntry("handler.tcp", "x.tcp 1.0.0");
    }

    @Test
    void rulesAreNamedByWhatTheyNeed() {
        apply(rule("a", 1, "a.test"), rule("b", 2, "b.test"), rule("c", 3, ""));

        assertThat(owners.rulesOn(TLS, 9)).containsExactlyInAnyOrder("a", "b");
        assertThat(owners.rulesOn(TLS, 1)).hasSize(1);
        assertThat(owners.rulesOn(new Offer("handler", "tcp"), 9)).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(owners.rulesOn(new Offer("filter", "proxy"), 9)).isEmpty();
        assertThat(owners.rulesOn(new Offer("gizmo", "x"), 9)).isEmpty();
    }

    @Test
    void whatIsNotDeclaredIsReported() {
        owners.stray(other, new Undeclared("x.other", "1.0.0", TLS));

        assertThat(owners.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo("inspector.tls");
            assertThat(problem.text()).contains("x.other 1.0.0", "Portunus-Provides: inspector;kind=tls");
        });
        assertThat(owners.strayed(ours)).isFalse();
        assertThat(owners.strayed(other)).isTrue();
        assertThat(owners.problems()).isEmpty();
    }

    @Test
    void hintsNameNoBundleThatIsNotThere() {
        inspect(ours, "x.ours", "1.0.0");
        apply(rule("a", 1, "a.test"));

        engine.goes(ours);

        assertThat(engine.lacks()).extracting(Problem::text).singleElement().asString()
            .contains("deploy a bundle that brings one; x.ours, which had it, is not installed").doesNotContain("start");
    }

    @Test
    void readsWhatWasDecidedBeforeTheStart() {
        assertThat(Owners.parse("")).isEmpty();
        assertThat(Owners.parse("inspector.tls=x.other filter.proxy=x.p nonsense =x")).containsOnly(Map.entry(TLS, "x.other"),
            Map.entry(new Offer("filter", "proxy"), "x.p"));
    }
}
