// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.RefusedException;
import io.portunus.model.Hostnames;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.SocketAddresses;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whether a header {@code Host} means this node. A page of another site can let its own name point to this node's address (DNS
 * rebinding), and a browser then takes both for one site; what it cannot change is the name the browser sends. An IP literal is resolved by
 * nobody, so any will do, and the port is not compared, because a tunnel may have another. Immutable.
 */
final class HostCheck {
    /** The key an operator mends. */
    static final String PATH = "admin.host";

    private static final String LOCALHOST = "localhost";
    /** RFC 9110 §7.2: a host, in brackets if it is IPv6, and a port if it likes. */
    private static final Pattern FORM = Pattern.compile("(\\[[^\\[\\]]*]|[^:\\[\\]]+)(?::[0-9]{0,5})?");

    private final List<String> given;
    private final Set<String> names;

    /**
     * Accepts addresses, {@code localhost} and some names.
     *
     * @param names host names; a malformed one matches nothing, an empty one is none
     */
    HostCheck(List<String> names) {
        given = names.stream().filter(name -> !name.isEmpty()).toList();
        this.names = given.stream().map(HostCheck::canonical).filter(Hostnames::isName).collect(Collectors.toUnmodifiableSet());
    }

    private static String canonical(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** What is wrong with the names, each on its own. */
    List<Problem> problems() {
        return given.stream().filter(name -> !Hostnames.isName(canonical(name))).map(name -> Problem.of(ProblemCode.INVALID_VALUE, PATH,
            "'" + name + "' is no host name; write the names the admin surface is called by, without a port, as edge-1.example.com")).toList();
    }

    /** The refusal of a request that means another host. */
    static RefusedException misdirected() {
        return new RefusedException(421, "misdirected_request", "",
            "The header 'Host' does not name this node; use its address, localhost, or a name given as [admin] host.");
    }

    /**
     * Whether a request means this node.
     *
     * @param header value of the header, empty when there is none or more than one
     */
    boolean accepts(String header) {
        Matcher form = FORM.matcher(header);
        if (!form.matches()) {
            return false;
        }
        String named = form.group(1);
        String host = canonical(named);
        return host.equals(LOCALHOST) || names.contains(host) || SocketAddresses.host(named).isPresent();
    }
}
