// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import io.portunus.node.api.BundleView;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Symbolic names as people write them: ours without the prefix that all of them have. */
final class BundleName {
    private static final String OURS = "io.portunus.";
    private static final String FLOW = "flow.";

    private BundleName() {
    }

    static boolean ours(String symbolicName) {
        return symbolicName.startsWith(OURS);
    }

    /** {@code "flow.tls"}. */
    static String brief(String symbolicName) {
        return ours(symbolicName) ? symbolicName.substring(OURS.length()) : symbolicName;
    }

    /** {@code "tls"}, where only what carries flows is named. */
    static String briefest(String symbolicName) {
        String brief = brief(symbolicName);
        return ours(symbolicName) && brief.startsWith(FLOW) ? brief.substring(FLOW.length()) : brief;
    }

    /** The symbolic names that were meant by some, separated by commas. */
    static Set<String> list(String typed, List<BundleView> bundles) {
        return Arrays.stream(typed.split(",")).map(String::strip).filter(name -> !name.isEmpty()).map(name -> meant(name, bundles))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The symbolic name that was meant: the one typed, else ours of that name if there is such a bundle. */
    static String meant(String typed, List<BundleView> bundles) {
        boolean exact = bundles.stream().anyMatch(b -> b.name().equals(typed));
        return !exact && bundles.stream().anyMatch(b -> b.name().equals(OURS + typed)) ? OURS + typed : typed;
    }
}
