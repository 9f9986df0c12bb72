// SPDX-License-Identifier: Apache-2.0
package io.portunus.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Names of services, {@code _service._tcp.domain} or {@code _service._udp.domain}, as RFC 2782 writes them. What is one is no host name. */
public final class ServiceNames {
    /** Most records of a service that are used: those of the best priorities. A flow knows each of them by a bit. */
    public static final int MAX_HOSTS = 32;

    private static final String MARK = "_";
    /** Service, protocol, and a domain of a label at least. */
    private static final int LEAST_LABELS = 3;
    private static final String REMEDY = "; write _service._tcp.domain, as in _postgres._tcp.db.example";

    private ServiceNames() {
    }

    /** Whether the text can only have been meant for a service: a host may begin with an underscore, too, and has a port. */
    public static boolean looksLikeService(String text) {
        return text.startsWith(MARK) && (text.indexOf(':') < 0 || text.contains("." + MARK));
    }

    /** Whether the text is the name of a service, with or without a dot at its end. */
    public static boolean isService(String text) {
        return text.startsWith(MARK) && refusal(withoutDot(text)).isEmpty();
    }

    private static String withoutDot(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    /**
     * Reads {@code "_service._tcp.domain"}, in any case, with or without a dot at the end.
     *
     * @return the name in lower case, with the dot if it has one: it is whole then, and no search list is for it
     * @throws IllegalArgumentException with a sentence for the operator
     */
    public static String parse(String text) {
        String refusal = refusal(withoutDot(text));
        if (!refusal.isEmpty()) {
            throw new IllegalArgumentException(refusal + REMEDY);
        }
        return text.toLowerCase(Locale.ROOT);
    }

    /** The domain of a service: what follows {@code _service._tcp.} or its like. */
    public static String domain(String service) {
        return withoutDot(service).split("\\.", LEAST_LABELS)[LEAST_LABELS - 1];
    }

    /** The protocol that a service is of. */
    public static Optional<Protocol> protocol(String service) {
        return protocol(List.of(service.split("\\.", LEAST_LABELS)));
    }

    private static Optional<Protocol> protocol(List<String> labels) {
        return labels.size() < 2 ? Optional.empty()
            : Arrays.stream(Protocol.values()).filter(its -> labels.get(1).equalsIgnoreCase(MARK + its.code())).findFirst();
    }

    private static String refusal(String name) {
        if (name.indexOf(':') >= 0) {
            return "'" + name + "' has a port, which is for the records of a service to tell";
        }
        List<String> labels = List.of(name.split("\\.", -1));
        if (labels.size() < LEAST_LABELS || !labels.get(0).startsWith(MARK) || !labels.get(1).startsWith(MARK)) {
            return "'" + name + "' is no name of a service";
        }
        if (protocol(labels).isEmpty()) {
            return "'" + labels.get(1) + "' in '" + name + "' is neither _tcp nor _udp, and only those are forwarded";
        }
        if (name.length() > HostPattern.MAX_NAME) {
            return "the name of a service has at most " + HostPattern.MAX_NAME + " characters, '" + name + "' has more";
        }
        if (Hostnames.looksLikeAddress(name)) {
            return "'" + name + "' ends in an address, which has no records";
        }
        return labels.stream().filter(label -> !isLabel(label)).findFirst()
            .map(label -> "'" + label + "' in '" + name + "' is no label of a name" + Hostnames.hint(name)).orElse("");
    }

    /** Domains below others have underscores too, as {@code _msdcs} of Active Directory; none has two in front. */
    private static boolean isLabel(String label) {
        return Hostnames.isLabel(label) && !label.equals(MARK) && !label.startsWith(MARK + MARK) && !label.startsWith(MARK + "-");
    }
}
