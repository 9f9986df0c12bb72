// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.admin.api.Resource;
import io.portunus.model.Problem;
import io.portunus.node.api.BundleGuard;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RosterTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Roster roster = new Roster(nanos::get, new BundleGuard(nanos::get, account -> { }));

    private static Owner owner(String bundle, long id) {
        return new Owner(id, bundle, "1.0.0", id, 0);
    }

    private Optional<String> server(String path) {
        return roster.router().at(path).stream().map(m -> m.claim().owner().bundle()).findFirst();
    }

    private static Resource get(String template) {
        return Samples.sample("GET", template, Samples.READ);
    }

    @Test
    void theFirstKeepsWhatTwoClaimAndTheOtherGetsItWhenTheFirstGoes() {
        roster.add(owner("second", 2), get("/v1/things/{id}"));
        roster.add(owner("first", 1), get("/v1/things/{name}"));

        assertThat(server("/v1/things/x")).contains("first");
        assertThat(roster.refused()).extracting(Problem::code).containsExactly(Roster.PATH_TAKEN);
        assertThat(roster.refused().getFirst().text()).contains("second", "first", "GET /v1/things/{id}");

        roster.remove(1);

        assertThat(server("/v1/things/x")).contains("second");
        assertThat(roster.refused()).isEmpty();
    }

    @Test
    void aNewerVersionOfABundleWaitsWithoutAWord() {
        roster.add(new Owner(1, "a", "1.0.0", 1, 0), get("/v1/things"));
        roster.add(new Owner(2, "a", "1.1.0", 2, 0), get("/v1/things"));

        assertThat(roster.refused()).isEmpty();
        roster.remove(1);
        assertThat(roster.router().at("/v1/things")).singleElement().satisfies(m -> assertThat(m.claim().owner().version()).isEqualTo("1.1.0"));
    }

    @Test
    void nobodyGetsWhatTheSurfaceHas() {
        roster.add(owner("a", 1), get("/healthz"));

        assertThat(server("/healthz")).contains("the admin surface");
        assertThat(roster.refused()).hasSize(1);
    }

    @Test
    void prefixesAreClaimedAsResourcesAre() {
        roster.add(owner("a", 1), new SampleFiles("/console/"));
        roster.add(owner("b", 2), new SampleFiles("/console/"));

        assertThat(server("/console/x.css")).contains("a");
        assertThat(roster.refused()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"get, /v1/a", "HEAD, /v1/a", "OPTIONS, /v1/a", "GET, /v1//a", "GET, /v1/a/", "GET, /v1/{}", "GET, /v1/{a", "GET, /v1/<a>",
        "GET, v1/a", "GET, ''"})
    void refusesAndReportsAMalformedResource(String method, String template) {
        roster.add(owner("a", 1), Samples.sample(method, template, Samples.READ));

        assertThat(roster.router().claims()).hasSize(2);
        assertThat(roster.refused()).singleElement().satisfies(p -> assertThat(p.text()).contains("a 1.0.0"));
        roster.remove(1);
        assertThat(roster.refused()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/console", "console/", "/../", "/.hidden/", "/a//b/", "/{a}/"})
    void refusesAMalformedPrefix(String prefix) {
        roster.add(owner("a", 1), new SampleFiles(prefix));

        assertThat(roster.refused()).hasSize(1);
    }

    @Test
    void remembersForAMinuteWhatWent() {
        roster.add(owner("a", 1), get("/v1/things"));
        roster.remove(1);

        assertThat(roster.absences().at("/v1/things")).isPresent();
        assertThat(roster.absences().at("/v1/others")).isEmpty();
        nanos.addAndGet(Absences.REMEMBERED.toNanos());
        assertThat(roster.absences().at("/v1/things")).isEmpty();
    }

    @Test
    void asksTheHighestRankFirstAndOfEqualRankTheOldest() {
        roster.add(new Owner(1, "a", "1", 1, 0), new SampleAuthenticator("a"));
        roster.add(new Owner(2, "b", "1", 2, 0), new SampleAuthenticator("b"));
        roster.add(new Owner(3, "c", "1", 3, 10), new SampleAuthenticator("c"));

        assertThat(roster.doorkeepers()).extracting(keeper -> keeper.owner().bundle()).isEqualTo(List.of("c", "a", "b"));
        roster.remove(3);
        assertThat(roster.doorkeepers()).hasSize(2);
    }
}
