// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Comments of one source file. Immutable. */
final class Javadoc {
    /** A tag of one line; braces inside it are paired. */
    private static final Pattern TAG = Pattern.compile("\\{@(?:code|link|linkplain) ((?:[^{}]|\\{[^{}]*})*)}");

    private final String source;

    private Javadoc(String source) {
        this.source = source;
    }

    /** Comments of a class that belongs to a bundle. */
    static Javadoc of(String bundle, Class<?> type) {
        String path = "bundles/" + bundle + "/src/main/java/" + type.getName().replace('.', '/') + ".java";
        try {
            return new Javadoc(Files.readString(Checkout.root().resolve(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text before a declaration, as one line of Markdown; empty if there is none. */
    String before(String declaration) {
        Matcher found = Pattern.compile("/\\*\\*((?:(?!\\*/).)*+)\\*/\\s*" + declaration, Pattern.DOTALL).matcher(source);
        if (!found.find()) {
            return "";
        }
        String text = found.group(1).replaceAll("\\n\\s*\\*", " ").replaceAll("\\s+", " ").strip();
        return TAG.matcher(text).replaceAll("`$1`");
    }
}
