// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every built bundle declares what it offers to flows, and no two the same: what is not declared is not taken. */
class OffersTest {
    private static final String PROVIDES = "Portunus-Provides";
    private static final Map<String, String> CONTRACTS = Map.of("handler", "(FlowHandler|DatagramHandler)", "inspector", "Inspector",
        "filter", "ListenerFilter", "selector", "TargetSelector", "header", "UpstreamHeader", "transport", "Transport", "policy", "Policy",
        "layer", "StreamLayer", "datagram_inspector", "DatagramInspector");

    static List<BuiltBundle> bundles() {
        return BuiltBundle.all();
    }

    private static List<String> declared(BuiltBundle bundle) {
        return bundle.header(PROVIDES).map(header -> Arrays.stream(header.split(",")).map(String::strip).toList()).orElse(List.of());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bundles")
    void whatIsOfferedIsDeclared(BuiltBundle bundle) {
        String offers = bundle.header("Provide-Capability").orElse("");
        List<String> roles = declared(bundle).stream().map(clause -> clause.split(";", 2)[0]).distinct().sorted().toList();

        assertThat(roles).isEqualTo(CONTRACTS.entrySet().stream()
            .filter(role -> Pattern.compile("io\\.portunus\\.flow\\.spi\\." + role.getValue() + "(?!\\w)").matcher(offers).find())
            .map(Map.Entry::getKey).sorted().toList());
        assertThat(declared(bundle)).allMatch(clause -> clause.matches("[a-z_]+;kind=[a-z0-9-]+"));
    }

    @Test
    void noTwoDeclareTheSame() {
        List<String> all = new ArrayList<>(bundles().stream().flatMap(bundle -> declared(bundle).stream()).toList());

        assertThat(all).doesNotHaveDuplicates()
            .containsAll(Stream.of("handler;kind=tcp", "handler;kind=udp",
                "selector;kind=targets", "inspector;kind=tls", "datagram_inspector;kind=quic", "filter;kind=proxy", "header;kind=proxy",
                "transport;kind=xnio", "transport;kind=epoll").toList());
    }
}
