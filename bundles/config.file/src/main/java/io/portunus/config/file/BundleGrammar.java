// SPDX-License-Identifier: Apache-2.0
package io.portunus.config.file;

import io.portunus.config.api.TableKind;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** What the file may have in view of the bundles of the framework. Made again when a bundle or a kind has come, gone or changed. Thread-safe. */
final class BundleGrammar implements Supplier<Grammar> {
    private final BundleContext context;
    private final BundleDeclarations declarations;
    private Declarations declared = Declarations.NONE;
    private List<TableKind> kinds = List.of();
    private Grammar last = Grammar.of(declared, kinds);

    BundleGrammar(BundleContext context) {
        this.context = context;
        this.declarations = new BundleDeclarations(context);
    }

    @Override
    public synchronized Grammar get() {
        Declarations now = declarations.get();
        List<TableKind> there = there();
        if (!now.equals(declared) || !there.equals(kinds)) {
            declared = now;
            kinds = there;
            last = Grammar.of(declared, kinds);
        }
        return last;
    }

    private List<TableKind> there() {
        try {
            return context.getServiceReferences(TableKind.class, null).stream().sorted(Comparator.<ServiceReference<TableKind>>naturalOrder()
                .reversed()).flatMap(reference -> Optional.ofNullable(context.getService(reference)).stream()).toList();
        } catch (IllegalStateException stopping) {
            // Who ends reads no file any more.
            return kinds;
        } catch (InvalidSyntaxException impossible) {
            throw new AssertionError("there is no filter", impossible);
        }
    }
}
