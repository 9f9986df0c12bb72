// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.node.api.BundleControl;
import io.portunus.node.api.BundleView;
import java.util.List;

/** Symbolic names as people write them: ours without the prefix that all of them have. */
final class BundleNames {
    private static final String OURS = "io.portunus.";

    private BundleNames() {
    }

    /** The symbolic name that was meant: the one given, else ours of that name if there is such a bundle. */
    static String meant(String given, BundleControl control) {
        List<String> names = control.bundles().stream().map(BundleView::name).toList();
        return !names.contains(given) && names.contains(OURS + given) ? OURS + given : given;
    }
}
