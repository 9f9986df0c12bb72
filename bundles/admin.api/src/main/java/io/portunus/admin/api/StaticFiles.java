// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.api;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Files that do not change, under a prefix of the admin surface, as those of a page for browsers. Register it as a service, as a
 * {@link Resource}, whose rules of time, threads and two of one path hold here, too. A resource goes before a file, and a longer prefix
 * before a shorter one.
 *
 * <p>The surface sees to the rest: {@code GET} and {@code HEAD} only, {@code index.html} for a path that ends with {@code /}, content types by
 * the end of the name ({@code nosniff}), entity tags, and that nothing but what lies below the prefix is asked for. A file whose kind it does not
 * know, or that has more than {@value #MAX_BYTES} bytes, is not given.
 */
@ConsumerType
public interface StaticFiles {
    /** Largest file, 8 MiB. */
    int MAX_BYTES = 8 << 20;

    /** Where they lie: words of letters, digits, dots and dashes between {@code /}, with one at the end, too: {@code /console/}. Read once. */
    String prefix();

    /** The right a call needs, as of a resource; a browser sends no token for a page, so its files have none as a rule. Read once. */
    Optional<Right> right();

    /**
     * Opens a file, which the surface reads and closes.
     *
     * @param path below the prefix, as {@code js/app.js}: words of letters, digits and {@code . _ ~ @ + -}, none of which begins with a dot,
     *     {@code /} between them; the last one has an ending
     * @return empty if there is none
     * @throws IOException if it is there and cannot be read
     */
    Optional<InputStream> open(String path) throws IOException;
}
