// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouterTest {
    private final Router router = new Router(List.of(resource("GET", "/v1/things/{name}"), resource("DELETE", "/v1/things/{name}"),
        resource("GET", "/v1/things/latest"), resource("GET", "/v1/things"), resource("POST", "/v1/things"),
        resource("POST", "/v1/things/{name}/parts/{part}")));

    @Test
    void tellsMethodsOfOnePathApart() {
        List<Router.Match> matches = router.at("/v1/things");

        assertThat(Router.forMethod(matches, "POST")).hasValueSatisfying(m -> assertThat(m.resource().method()).isEqualTo("POST"));
        assertThat(Router.forMethod(matches, "HEAD")).hasValueSatisfying(m -> assertThat(m.resource().method()).isEqualTo("GET"));
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
            .satisfies(m -> assertThat(m.resource().template()).isEqualTo("/v1/things/latest"));
    }

    @Test
    void takesNothingForABraceThatIsEmpty() {
        assertThat(router.at("/v1/things/")).isEmpty();
        assertThat(router.at("/v1/things//parts/b")).isEmpty();
    }

    private static Resource resource(String method, String template) {
        return new Resource() {
            @Override
            public String method() {
                return method;
            }

            @Override
            public String template() {
                return template;
            }

            @Override
            public Reply handle(Request request) {
                return Reply.NO_CONTENT;
            }
        };
    }
}
