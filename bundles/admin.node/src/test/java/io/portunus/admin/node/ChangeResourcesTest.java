// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import static io.portunus.admin.node.NodeClient.assertProblem;
import static io.portunus.admin.node.NodeClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Problem;
import io.portunus.model.Problem.Position;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.ConfigReload.Report;
import io.portunus.node.api.ConfigReload.Result;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Everything that changes a node but the upload of a jar. */
@Timeout(30)
class ChangeResourcesTest {
    private static final String PIN = "{\"rule\":\"web\",\"bundle\":\"flow.tls\",\"version\":\"1.0.0\"}";

    private final NodeClient client;
    private final FakeControl control;

    ChangeResourcesTest(@TempDir Path state) throws Exception {
        client = NodeClient.of(state);
        control = client.node.control;
    }

    @BeforeEach
    void nothingWasAsked() {
        assertThat(control.asked).isEmpty();
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void answersAReloadWithItsReport() throws Exception {
        control.report = new Report(Result.APPLIED, "r2", List.of("a"), List.of("b"), List.of("c"), List.of("log"), List.of());

        HttpResponse<String> answer = client.post("/v1/reload");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"result\":\"applied\",\"revision\":\"r2\",\"added\":[\"a\"],\"changed\":[\"b\"],\"removed\":[\"c\"],"
            + "\"settings\":[\"log\"],\"problems\":[]}");
        assertThat(control.asked).containsExactly("reload by http:127.0.0.1");
    }

    @Test
    void refusesAFileWithProblemsAndStatesTheirPositions() throws Exception {
        Problem problem = Problem.of(ProblemCode.SYNTAX, "rule[0].listen", "no TOML").at(new Position(3, 7));
        control.report = new Report(Result.REFUSED, "r1", List.of(), List.of(), List.of(), List.of(), List.of(problem));

        HttpResponse<String> answer = client.post("/v1/reload");

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(json(answer).at("/result").asString()).isEqualTo("refused");
        assertThat(json(answer).at("/problems").toString()).isEqualTo(
            "[{\"code\":\"syntax\",\"path\":\"rule[0].listen\",\"message\":\"no TOML\",\"position\":{\"line\":3,\"column\":7}}]");
    }

    @Test
    void listsBundles() throws Exception {
        JsonNode bundles = json(client.get("/v1/bundles")).get("bundles");

        assertThat(bundles.get(0).toString()).isEqualTo("{\"id\":7,\"name\":\"io.portunus.flow.tls\",\"version\":\"1.0.0\",\"state\":\"active\","
            + "\"origin\":\"distribution\",\"live\":true,\"phase\":\"draining\",\"flows\":5,\"faults\":2,"
            + "\"serves\":[\"inspector.tls\"],\"leaving\":{\"left_secs\":600.0,\"holders\":[{\"flow_id\":4,\"age_secs\":90.0}]},"
            + "\"problems\":[],\"unproven\":\"not proven: 3 flows\"}");
        assertThat(bundles.at("/1/rolls_back_to").asString()).isEqualTo("1.9.0");
        assertThat(bundles.at("/1/signer").asString()).isEqualTo("CN=Example");
        assertThat(bundles.at("/1/problems/0").asString()).isEqualTo("it does not resolve");
    }

    @ParameterizedTest
    @CsvSource({
        "POST,   /v1/bundles/flow.tls/rollback,             rollback io.portunus.flow.tls by http:127.0.0.1",
        "POST,   /v1/bundles/io.portunus.flow.tls/rollback, rollback io.portunus.flow.tls by http:127.0.0.1",
        "POST,   /v1/bundles/com.example.mqtt/rollback,     rollback com.example.mqtt by http:127.0.0.1",
        "POST,   /v1/bundles/flow.tls/release,              release io.portunus.flow.tls by http:127.0.0.1",
        "POST,   /v1/bundles/unknown/rollback,              rollback unknown by http:127.0.0.1",
        "DELETE, /v1/bundles/flow.tls,                      remove io.portunus.flow.tls by http:127.0.0.1",
        "POST,   '/v1/bundles/flow.tls/drain?version=1.0.0&within=10m', drain io.portunus.flow.tls 1.0.0 within PT10M by http:127.0.0.1",
        "DELETE, '/v1/bundles/com.example.mqtt?force=true', remove com.example.mqtt by http:127.0.0.1 by force",
        "DELETE, /v1/bundles/com.example.mqtt?drain=2h,     remove com.example.mqtt by http:127.0.0.1 drain PT2H"})
    void changesTheBundleThatIsMeant(String method, String path, String asked) throws Exception {
        HttpResponse<String> answer = client.send(method, path, "");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).at("/done").asBoolean()).isTrue();
        assertThat(json(answer).at("/from").asString()).isEqualTo("1.0.0");
        assertThat(json(answer).at("/to").isString()).isTrue();
        assertThat(json(answer).at("/steps/0").asString()).isEqualTo("Read it.");
        assertThat(control.asked).containsExactly(asked);
    }

    private static ProblemCode code(String code) {
        return new ProblemCode(code, "What it stands for.");
    }

    @ParameterizedTest
    @CsvSource({"busy, 409", "not_found, 404", "nothing_to_roll_back, 422", "needs_restart, 422", "io_error, 422"})
    void theStatusStatesWhyABundleWasNotChanged(String code, int status) throws Exception {
        control.problems = List.of(Problem.of(code(code), "", "why"), Problem.of(ProblemCode.BUSY, "", "and more"));

        for (HttpResponse<String> answer : List.of(client.post("/v1/bundles/flow.tls/rollback"), client.send("DELETE", "/v1/bundles/flow.tls", ""))) {
            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(json(answer).at("/done").asBoolean()).isFalse();
            assertThat(json(answer).at("/problems/0/code").asString()).isEqualTo(code);
            assertThat(json(answer).at("/problems/1/message").asString()).isEqualTo("and more");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "30ms", "-1s", "1d", "1234567s", "s"})
    void refusesATimeThatIsNone(String drain) throws Exception {
        assertProblem(client.send("DELETE", "/v1/bundles/flow.tls?drain=" + drain, ""), 400, "invalid_value", "drain");
        assertProblem(client.send("POST", "/v1/bundles?drain=" + drain, "x"), 400, "invalid_value", "drain");
        assertProblem(client.send("POST", "/v1/bundles/flow.tls/drain?version=1&within=" + drain, ""), 400, "invalid_value", "within");
        assertProblem(client.send("POST", "/v1/bundles/flow.tls/drain?version=1", ""), 400, "missing_key", "within");
        assertProblem(client.send("POST", "/v1/bundles/flow.tls/drain?within=1s", ""), 400, "missing_key", "version");
        assertProblem(client.send("DELETE", "/v1/bundles/flow.tls?force=" + drain, ""), 400, "invalid_value", "force");
        assertThat(control.asked).isEmpty();
    }

    @Test
    void answersWhatAnUpgradeWouldTouch() throws Exception {
        assertThat(client.get("/v1/bundles/flow.tls/impact").body()).isEqualTo("{\"bundle\":\"io.portunus.flow.tls\",\"version\":\"1.0.0\","
            + "\"live\":true,\"restarts\":[\"io.portunus.flow.tcp\"],\"flows\":5,\"rolls_back_to\":\"0.9.0\","
            + "\"verdict\":\"It can be replaced.\",\"remarks\":[]}");
        assertProblem(client.get("/v1/bundles/nothing/impact"), 404, "not_found", "name");
    }

    @Test
    void listsPins() throws Exception {
        assertThat(client.get("/v1/pins").body()).isEqualTo("{\"pins\":[{\"rule\":\"web\",\"bundle\":\"io.portunus.flow.tls\",\"version\":\"1.0.0\"},"
            + "{\"source\":\"192.0.2.0/24\",\"bundle\":\"com.example.mqtt\",\"version\":\"2.0.0\"}]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "POST"})
    void pinsARuleOrASource(String method) throws Exception {
        HttpResponse<String> rule = client.send(method, "/v1/pins", PIN);
        HttpResponse<String> source = client.send(method, "/v1/pins",
            "{\"source\":\"192.0.2.1\",\"bundle\":\"com.example.mqtt\",\"version\":\"2.0.0\"}");

        assertThat(rule.statusCode()).isEqualTo(200);
        assertThat(rule.body()).isEqualTo("{\"rule\":\"web\",\"bundle\":\"io.portunus.flow.tls\",\"version\":\"1.0.0\"}");
        assertThat(source.statusCode()).isEqualTo(200);
        assertThat(control.asked).containsExactly("pin rule web on io.portunus.flow.tls 1.0.0 by http:127.0.0.1",
            "pin source 192.0.2.1/32 on com.example.mqtt 2.0.0 by http:127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource({"not_found, 422", "invalid_value, 422", "busy, 409"})
    void answersWhyThereIsNoPin(String code, int status) throws Exception {
        control.problems = List.of(Problem.of(code(code), "version", "why"));

        HttpResponse<String> answer = client.send("PUT", "/v1/pins", PIN);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(json(answer).at("/problems").toString())
            .isEqualTo("[{\"code\":\"" + code + "\",\"path\":\"version\",\"message\":\"why\"}]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "[]                                                       | wrong_type       | ''",
        "{\"rule\":\"a\",\"bundle\":\"b\"}                        | missing_key      | version",
        "{\"rule\":\"a\",\"version\":\"1\"}                       | missing_key      | bundle",
        "{\"bundle\":\"b\",\"version\":\"1\"}                     | missing_key      | rule",
        "{\"rule\":\"a\",\"bundle\":\"b\",\"version\":1}          | wrong_type       | version",
        "{\"rule\":null,\"bundle\":\"b\",\"version\":\"1\"}       | wrong_type       | rule",
        "{\"rule\":\"\",\"bundle\":\"b\",\"version\":\"1\"}       | wrong_type       | rule",
        "{\"rule\":\"a\",\"bundle\":\"b\",\"version\":\"1\",\"x\":\"y\"}    | unknown_key | x",
        "{\"rule\":\"a\",\"source\":\"192.0.2.1\",\"bundle\":\"b\",\"version\":\"1\"} | conflicting_keys | source",
        "{\"source\":\"192.0.2.1/24\",\"bundle\":\"b\",\"version\":\"1\"}   | invalid_value | source",
        "{\"source\":\"localhost\",\"bundle\":\"b\",\"version\":\"1\"}      | invalid_value | source"})
    void refusesAPinWithAWrongFieldAndNamesIt(String body, String code, String path) throws Exception {
        assertProblem(client.send("PUT", "/v1/pins", body), 400, code, path);
        assertThat(control.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"rule\":}", "{\"rule\":\"a\",\"rule\":\"b\"}", "rule=web", "{} {}", "\u0000"})
    void answersWhereABodyStopsBeingJson(String body) throws Exception {
        HttpResponse<String> answer = client.send("POST", "/v1/pins", body);

        assertProblem(answer, 400, "syntax", "");
        assertThat(json(answer).at("/error/position/line").asInt()).isEqualTo(1);
        assertThat(json(answer).at("/error/position/column").asInt()).isPositive();
    }

    @Test
    void refusesAPinThatIsTooLargeOrTooDeep() throws Exception {
        assertProblem(client.send("PUT", "/v1/pins", "[".repeat((int) TextFields.MAX_BYTES)), 400, "syntax", "");
        assertProblem(client.send("PUT", "/v1/pins", " ".repeat((int) TextFields.MAX_BYTES + 1)), 413, "payload_too_large", "");
        assertProblem(client.send("PUT", "/v1/pins", ""), 400, "wrong_type", "");
    }

    @ParameterizedTest
    @CsvSource({
        "rule=web,                        204",
        "source=192.0.2.0/24,             204",
        "rule=other,                      404",
        "source=192.0.2.0/25,             404",
        "source=192.0.2.1/24,             400",
        "rule=web&source=192.0.2.0/24,    400",
        "'',                              400"})
    void takesPinsAway(String query, int status) throws Exception {
        HttpResponse<String> answer = client.send("DELETE", "/v1/pins?" + query, "");

        assertThat(answer.statusCode()).isEqualTo(status);
        if (status == 404) {
            assertProblem(answer, 404, "not_found", query.substring(0, query.indexOf('=')));
        }
        assertThat(control.asked).hasSize(status == 400 ? 0 : 1);
    }

    @Test
    void recordsThatAFlowWasKilledAndListsTheLastChangesFirst() throws Exception {
        client.post("/v1/flows/1/kill");
        client.post("/v1/flows/7/kill");
        client.post("/v1/flows/x/kill");

        assertThat(client.get("/v1/changes").body()).isEqualTo("{\"changes\":["
            + "{\"at\":\"1970-01-01T00:01:30Z\",\"by\":\"http:127.0.0.1\",\"what\":\"flow.kill\",\"subject\":\"7\",\"before\":\"\",\"after\":\"\","
            + "\"outcome\":\"not_found\"},"
            + "{\"at\":\"1970-01-01T00:01:30Z\",\"by\":\"http:127.0.0.1\",\"what\":\"flow.kill\",\"subject\":\"1\",\"before\":\"live: 1\","
            + "\"after\":\"ended: 1\",\"outcome\":\"done\"}]}");
    }

    @ParameterizedTest
    @CsvSource({"POST, /v1/reload", "GET, /v1/bundles", "POST, /v1/bundles", "POST, /v1/bundles/a/rollback", "DELETE, /v1/bundles/a",
        "GET, /v1/bundles/a/impact", "GET, /v1/pins", "PUT, /v1/pins", "POST, /v1/pins", "DELETE, /v1/pins?rule=a", "GET, /v1/changes",
        "POST, /v1/flows/1/kill"})
    void reportsThatAPartIsMissing(String method, String path) throws Exception {
        client.node.there = false;

        assertProblem(client.send(method, path, ""), 503, "component_missing", "");
    }
}
