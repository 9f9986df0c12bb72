// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.model.Offer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the bundles of the framework declare, whether they run or not. A configuration belongs to the bundle that declared it first; of several
 * versions of it to the one that came last. Read again when one has come, gone or changed. Thread-safe.
 */
final class BundleDeclarations implements Supplier<Declarations> {
    private static final Logger LOG = LoggerFactory.getLogger(BundleDeclarations.class);
    private final BundleContext context;
    private List<String> read = List.of();
    private Declarations last = Declarations.NONE;

    BundleDeclarations(BundleContext context) {
        this.context = context;
    }

    @Override
    public synchronized Declarations get() {
        try {
            look();
        } catch (IllegalStateException stopping) {
            // Nothing is declared anew to who ends.
            return last;
        }
        return last;
    }

    private void look() {
        List<Bundle> bundles = Arrays.stream(context.getBundles()).filter(bundle -> bundle.getState() != Bundle.UNINSTALLED)
            .sorted(Comparator.comparing(Bundle::getBundleId)).toList();
        List<String> now = bundles.stream().map(bundle -> bundle.getBundleId() + " " + bundle.getLastModified()).toList();
        if (!now.equals(read)) {
            Map<String, String> owners = new HashMap<>();
            Map<String, DeclaredTable> tables = new LinkedHashMap<>();
            for (Bundle bundle : bundles) {
                String name = String.valueOf(bundle.getSymbolicName());
                documents(bundle).stream().flatMap(document -> read(bundle, document).stream())
                    .filter(table -> owners.computeIfAbsent(table.pid(), pid -> name).equals(name)).forEach(table -> tables.put(table.pid(), table));
            }
            List<String> transports = bundles.stream().map(bundle -> bundle.getHeaders("").get(Offer.HEADER)).filter(Objects::nonNull)
                .flatMap(header -> Offer.kinds(header, Declarations.TRANSPORT).stream()).toList();
            last = new Declarations(List.copyOf(tables.values()), transports);
            read = now;
        }
    }

    private static List<URL> documents(Bundle bundle) {
        Optional<Enumeration<URL>> found = Optional.ofNullable(bundle.findEntries(Declarations.FOLDER, "*.xml", false));
        return found.map(Collections::list).map(List::copyOf).orElse(List.of());
    }

    private static List<DeclaredTable> read(Bundle bundle, URL document) {
        try (InputStream in = document.openStream()) {
            return MetatypeReader.read(in);
        } catch (IOException broken) {
            LOG.atWarn().addKeyValue("event", "config.declaration_unreadable").addKeyValue("bundle", bundle.getSymbolicName())
                .addKeyValue("reason", broken.getMessage())
                .log("a bundle's declaration of its settings cannot be read, so the file may not have them");
            return List.of();
        }
    }
}
