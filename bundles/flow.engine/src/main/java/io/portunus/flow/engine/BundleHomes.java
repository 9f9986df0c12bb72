// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.LoopView.Holder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleWiring;

/**
 * The bundles that have a class of a name, found by its file: nothing is loaded, and nothing resolved. Bundles that export are passed over, since
 * their code is called by others, whose fault it is then. Thread-safe; reads jars, so it is asked when something is wrong and not before.
 *
 * @param context of this bundle
 */
record BundleHomes(BundleContext context) implements Function<String, List<Holder>> {
    private static final String ALL = "";

    @Override
    public List<Holder> apply(String className) {
        return Arrays.stream(context.getBundles()).filter(BundleHomes::resolved).filter(bundle -> header(bundle, Constants.EXPORT_PACKAGE).isEmpty())
            .filter(bundle -> has(bundle, className.replace('.', '/') + ".class"))
            .map(bundle -> new Holder(bundle.getSymbolicName(), bundle.getVersion().toString())).toList();
    }

    /** One that is not would be resolved by the question. */
    private static boolean resolved(Bundle bundle) {
        return (bundle.getState() & (Bundle.UNINSTALLED | Bundle.INSTALLED)) == 0 && bundle.getSymbolicName() != null;
    }

    private static Optional<String> header(Bundle bundle, String name) {
        return Optional.ofNullable(bundle.getHeaders(ALL).get(name));
    }

    private static boolean has(Bundle bundle, String file) {
        try {
            if (bundle.getEntry(file) != null) {
                return true;
            }
            Optional<BundleWiring> wiring = header(bundle, Constants.BUNDLE_CLASSPATH).isEmpty() ? Optional.empty()
                : Optional.ofNullable(bundle.adapt(BundleWiring.class));
            int slash = file.lastIndexOf('/');
            return wiring.filter(its -> !its.listResources(slash < 0 ? "/" : file.substring(0, slash), file.substring(slash + 1),
                BundleWiring.LISTRESOURCES_LOCAL).isEmpty()).isPresent();
        } catch (IllegalStateException gone) {
            // It was uninstalled meanwhile.
            return false;
        }
    }
}
