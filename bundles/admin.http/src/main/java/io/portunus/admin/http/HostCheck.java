// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.model.Hostnames;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.SocketAddresses;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a header {@code Host} means this node. A page of another site can let its own name point to this node's address (DNS
 * rebinding), and a browser then takes both for one site; what it cannot change is the name the browser sends. An IP literal is resolved by
 * nobody, so any will do, and the port says nothing, because a tunnel may have another. Immutable.
 */
final class HostCheck {
    /** The key an operator mends. */
    static final String PATH = "admin.host";

    private static final String LOCALHOST = "localhost";
    /** RFC 9110 §7.2: a host, in brackets if it is IPv6, and a port if it likes. */
    private static final Pattern FORM = Pattern.compile("(\\[[^\\[\\]]*]|[^:\\[\\]]+)(?::[0-9]{0,5})?");

    private final String name;

    /**
     * Accepts addresses, {@code localhost} and one name.
     *
     * @param name a host name; a malformed one matches nothing, empty for none
     */
    HostCheck(String name) {
        this.name = name;
    }

    /** What is wrong with the name. */
    Optional<Problem> problem() {
        boolean fit = name.isEmpty() || Hostnames.isName(name);
        return fit ? Optional.empty() : Optional.of(Problem.of(ProblemCode.INVALID_VALUE, PATH,
            "'" + name + "' is no host name; write the name the admin surface is called by, without a port, as edge-1.example.com"));
    }

    /**
     * Refuses a request that means another host.
     *
     * @param header value of the header, empty when there is none or more than one
     */
    void check(String header) {
        if (!accepts(header)) {
            throw new RefusedException(421, "misdirected_request", "",
                "The header 'Host' does not name this node; use its address, localhost, or the name given as [admin] host.");
        }
    }

    private boolean accepts(String header) {
        Matcher form = FORM.matcher(header);
        if (!form.matches()) {
            return false;
        }
        String given = form.group(1).toLowerCase(Locale.ROOT);
        String host = given.endsWith(".") ? given.substring(0, given.length() - 1) : given;
        return host.equals(LOCALHOST) || !host.isEmpty() && host.equals(name.toLowerCase(Locale.ROOT)) || SocketAddresses.host(given).isPresent();
    }
}
