// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.node.api.BundleGuard;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouterTest {
    private static final BundleGuard GUARD = new BundleGuard(System::nanoTime, account -> { });

    private final Router router = new Router(List.of(resource("GET", "/v1/things/{name}"), resource("DELETE", "/v1/things/{name}"),
        resource("GET", "/v1/things/latest"), resource("GET", "/v1/things"), resource("POST", "/v1/things"),
        resource("POST", "/v1/things/{name}/parts/{part}"),
        resource("GET", "/console/state"), files("/console/"), files("/console/docs/")));

    @Test
    void distinguishesMethodsOfOnePath() {
        List<Router.Candidate> matches = router.at("/v1/things");

        assertThat(Router.forMethod(matches, "POST")).hasValueSatisfying(m -> assertThat(m.claim().method()).isEqualTo("POST"));
        assertThat(Router.forMethod(matches, "HEAD")).hasValueSatisfying(m -> assertThat(m.claim().method()).isEqualTo("GET"));
        assertThat(Router.forMethod(matches, "DELETE")).isEmpty();
        assertThat(Router.allow(matches)).isEqualTo("GET, HEAD, OPTIONS, POST");
    }

    @Test
    void givesTheValueOfEachBraceWhateverTheMethod() {
        assertThat(Router.forMethod(router.at("/v1/things/flow.tls"), "DELETE"))
            .hasValueSatisfying(m -> assertThat(m.variables()).isEqualTo(Map.of("name", "flow.tls")));
        assertThat(Router.forMethod(router.at("/v1/things/a/parts/b"), "POST"))
            .hasValueSatisfying(m -> assertThat(m.variables()).isEqualTo(Map.of("name", "a", "part", "b")));
    }

    @Test
    void prefersAWordToABrace() {
        assertThat(router.at("/v1/things/latest")).singleElement()
            .satisfies(m -> assertThat(m.claim().template()).isEqualTo("/v1/things/latest"));
    }

    @Test
    void takesNothingForABraceThatIsEmpty() {
        assertThat(router.at("/v1/things/")).isEmpty();
        assertThat(router.at("/v1/things//parts/b")).isEmpty();
    }

    @Test
    void givesAPrefixWhatNoResourceHasAndTheLongerOneFirst() {
        assertThat(router.at("/console/js/app.js")).singleElement().satisfies(m -> {
            assertThat(m.claim().template()).isEqualTo("/console/");
            assertThat(m.variables()).isEqualTo(Map.of(FileResource.REST, "js/app.js"));
        });
        assertThat(router.at("/console/docs/a.html")).singleElement().satisfies(m -> assertThat(m.claim().template()).isEqualTo("/console/docs/"));
        assertThat(router.at("/console/state")).singleElement().satisfies(m -> assertThat(m.claim().template()).isEqualTo("/console/state"));
        assertThat(router.at("/console")).singleElement().satisfies(m -> assertThat(m.variables()).isEmpty());
        assertThat(router.at("/consoles/")).isEmpty();
    }

    private static Claim resource(String method, String template) {
        return Claim.of(Samples.owner(1), Samples.sample(method, template, Samples.READ), GUARD);
    }

    private static Claim files(String prefix) {
        return Claim.of(Samples.owner(1), new SampleFiles(prefix), GUARD);
    }
}
