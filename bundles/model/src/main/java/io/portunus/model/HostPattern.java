// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The names a rule asks for. Names are compared in lower-case ASCII, as RFC 6066 §3 sends them (A-labels). Immutable.
 */
public final class HostPattern {
    /** Longest name (RFC 1035 §2.3.4). */
    public static final int MAX_NAME = 253;
    /** Longest label (RFC 1035 §2.3.4). */
    public static final int MAX_LABEL = 63;
    /** Longest regular expression. */
    public static final int MAX_EXPRESSION = ExpressionParser.MAX_LENGTH;

    private static final String EXPRESSION_MARK = "~";
    /** Behind a host; an IPv6 address in brackets or with a second colon is none. */
    private static final Pattern PORT = Pattern.compile("^[^:]*:[0-9]*$");

    private final Form form;
    private final String name;
    private final Optional<NameExpression> expression;

    /** How a pattern is written, and which of two counts when both match: the one that stands first here. */
    public enum Form {
        /** {@code db.example.com}: this name. */
        EXACT(""),
        /** {@code *.example.com}: exactly one label in front of the parent. */
        ONE_LABEL("*."),
        /** {@code **.example.com}: one or more labels in front of the parent; of several the longest parent counts. */
        ANY_LABELS("**."),
        /** {@code ~db[0-9]+\.example\.com}: a regular expression for the whole name; of several the first rule's counts. */
        EXPRESSION(EXPRESSION_MARK);

        private final String prefix;

        Form(String prefix) {
            this.prefix = prefix;
        }
    }

    private HostPattern(Form form, String name) {
        this.form = form;
        this.name = name;
        this.expression = form == Form.EXPRESSION ? Optional.of(NameExpression.compile(name)) : Optional.empty();
    }

    /**
     * Reads {@code "db.example.com"}, {@code "*.example.com"}, {@code "**.example.com"} or {@code "~"} and a regular expression.
     *
     * @throws IllegalArgumentException with a sentence for the operator
     */
    public static HostPattern parse(String text) {
        String bare = text.strip();
        if (bare.startsWith(EXPRESSION_MARK)) {
            String expression = bare.substring(EXPRESSION_MARK.length());
            // Compiled as written first: only there does an escaped capital show, which would mean something else in lower case.
            NameExpression.compile(expression);
            return new HostPattern(Form.EXPRESSION, expression.toLowerCase(Locale.ROOT));
        }
        String lower = bare.toLowerCase(Locale.ROOT);
        Form form = lower.startsWith("**.") ? Form.ANY_LABELS : lower.startsWith("*.") ? Form.ONE_LABEL : Form.EXACT;
        String name = lower.substring(form.prefix.length());
        checkName(name, text);
        if (form != Form.EXACT && name.indexOf('.') < 0) {
            throw new IllegalArgumentException("the wildcard '" + text + "' would match a whole top-level domain; give it a parent with a dot");
        }
        return new HostPattern(form, name);
    }

    private static void checkName(String name, String text) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException("a name has 1 to " + MAX_NAME + " characters, '" + text + "' has not");
        }
        if (PORT.matcher(name).find()) {
            throw new IllegalArgumentException("'" + text + "' has a port, and clients ask for names without one; leave it out");
        }
        if (Hostnames.looksLikeAddress(name)) {
            throw new IllegalArgumentException("'" + text + "' is an IP address, which is no name: a client that asks for one"
                + " counts as one that asks for none (RFC 6066); leave sni out, and the rule takes it with the rest");
        }
        for (String label : name.split("\\.", -1)) {
            if (!Hostnames.isLabel(label)) {
                throw new IllegalArgumentException("'" + label + "' in '" + text + "' is no label: 1 to 63 of a-z, 0-9, '_' and '-', the last not at"
                    + " its ends" + Hostnames.hint(name));
            }
        }
    }

    /** How it is written. */
    public Form form() {
        return form;
    }

    /** The exact name, the parent of a wildcard, or the expression without its mark; in lower case, without a trailing dot. */
    public String name() {
        return name;
    }

    /** Whether labels in front of {@link #name} are left open, one or more. */
    public boolean wildcard() {
        return form == Form.ONE_LABEL || form == Form.ANY_LABELS;
    }

    /** Whether a normalised (lower-case, no trailing dot) name matches. */
    public boolean matches(String host) {
        return switch (form) {
            case EXACT -> host.equals(name);
            case ONE_LABEL -> below(host) && host.indexOf('.') == host.length() - name.length() - 1;
            case ANY_LABELS -> below(host);
            case EXPRESSION -> host.length() <= MAX_NAME && expression.orElseThrow().matches(host);
        };
    }

    private boolean below(String host) {
        int dot = host.length() - name.length() - 1;
        return dot > 0 && host.charAt(dot) == '.' && host.endsWith(name);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HostPattern that && form == that.form && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode() * 31 + form.hashCode();
    }

    @Override
    public String toString() {
        return form.prefix + name;
    }
}
