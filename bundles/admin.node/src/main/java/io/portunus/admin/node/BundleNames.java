// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.node.api.BundleControl;
import io.portunus.node.api.BundleView;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Symbolic names as people write them: ours without the prefix that all of them have. */
final class BundleNames {
    private static final String OURS = "io.portunus.";

    private BundleNames() {
    }

    /** The symbolic names that were meant by some, separated by commas. */
    static Set<String> list(String given, BundleControl control) {
        return Arrays.stream(given.split(",")).map(String::strip).filter(name -> !name.isEmpty()).map(name -> meant(name, control))
            .collect(Collectors.toUnmodifiableSet());
    }

    /** The symbolic name that was meant: the one given, else ours of that name if there is such a bundle. */
    static String meant(String given, BundleControl control) {
        List<String> names = control.bundles().stream().map(BundleView::name).toList();
        return !names.contains(given) && names.contains(OURS + given) ? OURS + given : given;
    }
}
