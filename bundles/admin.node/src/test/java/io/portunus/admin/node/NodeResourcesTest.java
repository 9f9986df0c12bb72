// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import static io.portunus.admin.node.NodeClient.assertProblem;
import static io.portunus.admin.node.NodeClient.json;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the node shows, over a real surface. */
@Timeout(30)
class NodeResourcesTest {
    private final NodeClient client;

    NodeResourcesTest(@TempDir Path state) throws Exception {
        client = NodeClient.of(state);
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void isReadyWhenEveryExpectedPartIs() throws Exception {
        HttpResponse<String> answer = client.get("/readyz");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).get("ready").asBoolean()).isTrue();
        assertThat(json(answer).get("checks").size()).isEqualTo(4);
    }

    @Test
    void isNotReadyAndNamesThePartThatIsMissingAndTheOneWithAProblem() throws Exception {
        client.node.checks = List.of(FakeNode.check("rules", Problem.of(ProblemCode.SYNTAX, "rule[0]", "no TOML")), FakeNode.check("deployment"));

        HttpResponse<String> answer = client.get("/readyz");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(json(answer).get("ready").asBoolean()).isFalse();
        assertThat(json(answer).at("/checks/0/name").asString()).isEqualTo("forwarding");
        assertThat(json(answer).at("/checks/0/problems/0/code").asString()).isEqualTo("component_missing");
        assertThat(json(answer).at("/checks/1/problems/0/path").asString()).isEqualTo("rule[0]");
        assertThat(json(answer).at("/checks/1/problems/0/message").asString()).isEqualTo("no TOML");
    }

    @Test
    void givesTheMetricsPageInTheFormatAskedFor() throws Exception {
        HttpResponse<String> answer = client.start(client.request("/metrics").header("Accept", "application/openmetrics-text")).get();

        assertThat(answer.body()).isEqualTo("portunus_up 1\n");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/openmetrics-text");
    }

    @Test
    void listsRulesWithTheirState() throws Exception {
        HttpResponse<String> answer = client.get("/v1/rules");
        JsonNode rules = json(answer);

        assertThat(answer.headers().firstValue("Portunus-Revision")).isPresent();
        assertThat(rules.at("/0").propertyNames()).startsWith("client_id", "client_name", "created_at", "id", "last_state_change_at", "listen_port",
            "owner_user_id", "prefer_ipv6", "protocol", "sni_pattern", "state", "target_host", "target_port", "targets");
        assertThat(rules.at("/0/id").bigIntegerValue()).isEqualTo(new BigInteger("18446744073709551615"));
        assertThat(rules.at("/0/client_name").asString()).isEqualTo("edge-1");
        assertThat(rules.at("/0/created_at").asString()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(rules.at("/0/last_state_change_at").asString()).isEqualTo("1970-01-01T00:00:01Z");
        assertThat(rules.at("/0/targets/0").propertyNames()).startsWith("health", "host", "port", "priority", "proxy_protocol");
        assertThat(rules.at("/0/targets/0/proxy_protocol").isNull()).isTrue();

        assertThat(rules.at("/0/rule_id").asString()).isEqualTo("18446744073709551615");
        assertThat(rules.at("/0/listen_port").asInt()).isEqualTo(443);
        assertThat(rules.at("/0").has("listen_port_end")).isFalse();
        assertThat(rules.at("/0/sni_pattern").asString()).isEqualTo("db.example.com");
        assertThat(rules.at("/0/match").toString()).isEqualTo(
            "{\"kind\":\"tls\",\"sni\":\"db.example.com\",\"name\":\"db.example.com\"}");
        assertThat(rules.at("/0/drain_secs").asInt()).isEqualTo(30);
        assertThat(rules.at("/1/match").toString()).isEqualTo("{}");
        assertThat(rules.at("/0/state/kind").asString()).isEqualTo("active");
        assertThat(rules.at("/1/listen_port_end").asInt()).isEqualTo(8001);
        assertThat(rules.at("/1/target_host").asString()).isEqualTo("[2001:db8::1]");
        assertThat(rules.at("/1/target_port_end").asInt()).isEqualTo(9001);
        assertThat(rules.at("/1/state/reason").asString()).isEqualTo("port_in_use");
        assertThat(rules.at("/1/problems/0/message").asString()).isEqualTo("taken");
    }

    @Test
    void listsFlowsOfOneRuleUpToALimit() throws Exception {
        JsonNode flows = json(client.get("/v1/flows?rule=exact&limit=1"));

        assertThat(flows.get("total").asInt()).isEqualTo(2);
        assertThat(flows.get("flows").size()).isEqualTo(1);
        assertThat(flows.at("/flows/0/flow_id").asInt()).isEqualTo(1);
        assertThat(flows.at("/flows/0/state").asString()).isEqualTo("open");
        assertThat(flows.at("/flows/0/opened_at").asString()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(flows.at("/flows/0/age_secs").asDouble()).isEqualTo(1.5);
        assertThat(flows.at("/flows/0/bytes_out").asInt()).isEqualTo(20);
        assertThat(flows.at("/flows/0/held_back_in_secs").asDouble()).isEqualTo(0.25);
        assertThat(json(client.get("/v1/flows?rule=wild")).at("/flows/0").has("held_back_in_secs")).isFalse();
    }

    @Test
    void listsLimitsWithTheirUseAndWhatBecameOfFlows() throws Exception {
        assertThat(client.get("/v1/limits?rule=exact").body()).isEqualTo("{\"limits\":[{\"policy\":\"limits\",\"scope\":\"rule\",\"name\":\"exact\","
            + "\"rule_id\":\"18446744073709551615\",\"set\":{\"concurrent_connections\":2},\"use\":{\"open\":1},"
            + "\"refused\":{\"conn_concurrent\":3},\"last_refusal\":{\"at\":\"1970-01-01T00:00:00Z\",\"client\":\"192.0.2.1\","
            + "\"reason\":\"conn_concurrent\"},\"held_back_in_secs\":1.5,\"held_back_out_secs\":0.0,\"dropped_in\":4,\"dropped_out\":5}]}");
        assertThat(json(client.get("/v1/limits")).get("limits").size()).isEqualTo(2);
        assertThat(client.get("/v1/limits?rule=plain").body()).isEqualTo("{\"limits\":[]}");
        assertProblem(client.get("/v1/limits?rule=wild"), 404, "not_found", "rule");
        assertProblem(client.get("/v1/limits?limit=1"), 400, "unknown_key", "limit");
    }

    @Test
    void killsAFlow() throws Exception {
        HttpResponse<String> answer = client.post("/v1/flows/1/kill");

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void reportsThatThereIsNoFlowToKill() throws Exception {
        HttpResponse<String> answer = client.post("/v1/flows/7/kill");

        assertProblem(answer, 404, "flow_not_found", "");
    }

    @Test
    void refusesAFlowIdThatIsNoNumber() throws Exception {
        HttpResponse<String> answer = client.post("/v1/flows/x/kill");

        assertProblem(answer, 400, "invalid_value", "id");
    }

    @Test
    void listsListenersAndWhyOneIsNotBound() throws Exception {
        JsonNode listeners = json(client.get("/v1/listeners")).get("listeners");

        assertThat(listeners.at("/0/listener").asString()).isEqualTo("*:443");
        assertThat(listeners.at("/0/bound").asBoolean()).isTrue();
        assertThat(listeners.at("/1/problem/code").asString()).isEqualTo("port_in_use");
    }

    @ParameterizedTest
    @CsvSource({
        "port=443&sni=DB.example.com.,         routed,  exact,             exact",
        "port=443&sni=www.example.com,         routed,  wild,              wildcard",
        "port=443&sni=example.org,             refused, no_matching_name,  ''",
        "port=443,                             refused, no_name,           ''",
        "port=443&plain=true,                  refused, not_tls,           ''",
        "port=443&kind=tls&sni=db.example.com, routed,  exact,             exact",
        "port=443&kind=ssh,                    refused, not_tls,           ''",
        "port=8001&plain=true&source=192.0.2.1, routed, plain,             plain",
        "port=9999&bind=127.0.0.1,             refused, no_listener,       ''"})
    void explainsWhereAConnectionGoes(String query, String decision, String ruleOrReason, String match) throws Exception {
        JsonNode answer = json(client.get("/v1/explain?" + query));

        assertThat(answer.get("decision").asString()).isEqualTo(decision);
        assertThat(answer.get(decision.equals("routed") ? "rule" : "reason").asString()).isEqualTo(ruleOrReason);
        assertThat(answer.path("match").asString("")).isEqualTo(match);
        boolean listened = !ruleOrReason.equals("no_listener");
        assertThat(answer.get("candidates").isEmpty()).isNotEqualTo(listened);
        assertThat(answer.at("/candidates/0/reason").asString("").isEmpty()).isNotEqualTo(listened);
        assertThat(answer.at("/now/targets/0").asString("")).isEqualTo(answer.path("target").asString(""));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/explain,                            missing_key,      port",
        "/v1/explain?port=0,                     invalid_value,    port",
        "/v1/explain?port=65536,                 invalid_value,    port",
        "/v1/explain?port=x,                     invalid_value,    port",
        "/v1/explain?port=443&source=localhost,  invalid_value,    source",
        "/v1/explain?port=443&bind=300.1.1.1,    invalid_value,    bind",
        "/v1/explain?port=443&sni=,              invalid_value,    sni",
        "/v1/explain?port=443&sni=a%20b,         invalid_value,    sni",
        "/v1/explain?port=443&plain=yes,         invalid_value,    plain",
        "/v1/explain?port=443&plain=true&sni=a,  conflicting_keys, plain",
        "/v1/explain?port=443&plain=true&kind=a, conflicting_keys, plain",
        "/v1/explain?port=443&kind=SSH,        invalid_value,    kind",
        "/v1/explain?port=443&port=444,          conflicting_keys, port",
        "/v1/explain?port=443&name=a,            unknown_key,      name",
        "/v1/flows?limit=0,                      invalid_value,    limit",
        "/v1/flows?limit=10001,                  invalid_value,    limit",
        "/healthz?x=1,                           unknown_key,      x"})
    void refusesAWrongParameterAndNamesIt(String path, String code, String parameter) throws Exception {
        HttpResponse<String> answer = client.get(path);

        assertProblem(answer, 400, code, parameter);
    }

    @Test
    void givesTheStatusOfTheNode() throws Exception {
        JsonNode status = json(client.get("/v1/status"));

        assertThat(status.get("label").asString()).isEqualTo("edge-1");
        assertThat(status.get("uptime_secs").asInt()).isEqualTo(90);
        assertThat(status.at("/rules/failed").asInt()).isEqualTo(1);
        assertThat(status.at("/listeners/bound").asInt()).isEqualTo(1);
        assertThat(status.at("/loops/lost").asInt()).isZero();
        assertThat(status.at("/rule_sources/0/name").asString()).isEqualTo("file");
        assertThat(status.at("/rule_sources/0").has("last")).isFalse();
        assertThat(status.at("/rule_sources/1/last").asString()).isEqualTo("it does not answer");
        assertThat(status.get("flows").asInt()).isEqualTo(3);
        assertThat(status.at("/totals/bytes_out").asInt()).isEqualTo(20);
        assertThat(status.at("/totals/closed/completed").asInt()).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/v1/rules", "/v1/flows", "/v1/listeners", "/v1/status", "/v1/explain?port=443"})
    void reportsThatAPartIsMissing(String path) throws Exception {
        client.node.there = false;

        assertProblem(client.get(path), 503, "component_missing", "");
    }

    @Test
    void disclosesByAnotherHostOnlyWhetherItServesAndIsReady() throws Exception {
        client.node.checks = List.of(FakeNode.check("rules", Problem.of(ProblemCode.SYNTAX, "rule[0]", "no TOML")), FakeNode.check("deployment"));

        assertThat(foreign("/healthz")).startsWith("HTTP/1.1 200").endsWith("{\"status\":\"ok\"}");
        assertThat(foreign("/readyz")).startsWith("HTTP/1.1 503").endsWith("\r\n\r\n{\"ready\":false}");
        assertThat(foreign("/metrics")).startsWith("HTTP/1.1 421").contains("misdirected_request");
        assertThat(foreign("/")).startsWith("HTTP/1.1 421").contains("misdirected_request");
    }

    private String foreign(String path) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), client.server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n").getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }
}
