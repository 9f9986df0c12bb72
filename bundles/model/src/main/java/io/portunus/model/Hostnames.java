// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.net.IDN;
import java.util.List;
import java.util.Optional;

/** What RFC 1123 §2.1 calls a host name, with the underscores that are in use besides, and what it does not. */
public final class Hostnames {
    private Hostnames() {
    }

    /** Whether the text is a host name: labels with dots between, no address, no service, at most {@value HostPattern#MAX_NAME} characters. */
    public static boolean isName(String text) {
        return text.length() <= HostPattern.MAX_NAME && !looksLikeAddress(text) && !isServiceLike(text)
            && List.of(text.split("\\.", -1)).stream().allMatch(Hostnames::isLabel);
    }

    /** Two labels with an underscore in front are the mark of services (RFC 2782), whatever their protocol, and of no host. */
    private static boolean isServiceLike(String text) {
        return text.startsWith("_") && text.contains("._");
    }

    /** Whether the text is one label of 1 to 63 letters, digits, underscores and inner hyphens. */
    public static boolean isLabel(String label) {
        if (label.isEmpty() || label.length() > HostPattern.MAX_LABEL) {
            return false;
        }
        if (label.charAt(0) == '-' || label.charAt(label.length() - 1) == '-') {
            return false;
        }
        return label.chars().allMatch(c -> c == '-' || c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z');
    }

    /**
     * Whether the text is an address where a name should be: IPv4, or IPv6 with or without brackets, no zone. Whoever asks for one asks for no
     * name (RFC 6066 §3, RFC 9110 §7.2).
     */
    public static boolean isAddress(String text) {
        int last = text.length() - 1;
        if (last < 1 || !looksLikeAddress(text) || text.indexOf('%') >= 0) {
            return false;
        }
        boolean bracketed = text.charAt(0) == '[' && text.charAt(last) == ']' && text.indexOf(':') > 0;
        return IpLiterals.parse(bracketed ? text.substring(1, last) : text).isPresent();
    }

    /** Whether a resolver would take the text for an address: dotted digits, or anything with a colon. */
    public static boolean looksLikeAddress(String name) {
        if (name.indexOf(':') >= 0) {
            return true;
        }
        int dot = name.lastIndexOf('.');
        String last = name.substring(dot + 1);
        return !last.isEmpty() && last.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The name as the DNS and TLS have it, if letters outside ASCII stand in it and it can be written so: {@code xn--...} (RFC 5890 §2.3.2.1). */
    public static Optional<String> ascii(String name) {
        if (name.chars().allMatch(c -> c < 0x80)) {
            return Optional.empty();
        }
        try {
            return Optional.of(IDN.toASCII(name)).filter(its -> isName(its) || ServiceNames.isService(its));
        } catch (IllegalArgumentException noName) {
            return Optional.empty();
        }
    }

    /** What to do about a name that has letters outside ASCII, to be put behind the sentence that refuses it; empty for every other name. */
    public static String hint(String name) {
        if (name.chars().allMatch(c -> c < 0x80)) {
            return "";
        }
        return "; write it as clients send it, as an A-label (" + ascii(name).map(its -> "'" + its + "'").orElse("xn--...") + ")";
    }
}
