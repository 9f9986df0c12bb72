// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which bundles are replaced while the node forwards is derived from what they are; the one list that states it has each of them, once. */
class LiveBundlesTest {
    private static final Path PAGE = Checkout.root().resolve("distribution/docs/architecture/hot-upgrade.md");
    private static final Pattern SELF_CHECK = Pattern.compile("(?<![\\w.])io\\.portunus\\.flow\\.spi\\.SelfCheck(?![\\w.])");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");
    /** What the surfaces of a node are, as an operator counts them. */
    private static final List<String> SURFACES = List.of("admin.http", "admin.node", "logging.json", "metrics.prometheus", "shell",
        "shell.ssh", "stats.socket");

    private static boolean live(BuiltBundle bundle) {
        return SELF_CHECK.matcher(bundle.header("Provide-Capability").orElse("")).find();
    }

    /** The bundles of the table with this heading. */
    private static List<String> listed(String heading) throws IOException {
        List<String> lines = Files.readAllLines(PAGE);
        return lines.stream().skip(lines.indexOf("| " + heading + " | Why |") + 2L).takeWhile(line -> line.startsWith("|"))
            .flatMap(line -> NAME.matcher(line.split("\\|", -1)[1]).results().map(name -> name.group(1))).sorted().toList();
    }

    @Test
    void thePageListsTheLiveAndTheColdBundlesAsTheyAreBuilt() throws IOException {
        Map<Boolean, TreeSet<String>> built = new TreeMap<>(BuiltBundle.all().stream()
            .collect(Collectors.partitioningBy(LiveBundlesTest::live, Collectors.mapping(BuiltBundle::name, Collectors.toCollection(TreeSet::new)))));

        assertThat(listed("Live")).isEqualTo(List.copyOf(built.getOrDefault(true, new TreeSet<>())));
        assertThat(listed("Cold")).isEqualTo(List.copyOf(built.getOrDefault(false, new TreeSet<>())));
    }

    @Test
    void everySurfaceIsLiveAndNothingThatExportsIs() {
        List<BuiltBundle> live = BuiltBundle.all().stream().filter(LiveBundlesTest::live).toList();

        assertThat(live).extracting(BuiltBundle::name).containsAll(SURFACES);
        assertThat(live).allSatisfy(bundle -> assertThat(bundle.exports()).isEmpty());
    }
}
