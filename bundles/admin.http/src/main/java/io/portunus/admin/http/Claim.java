// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.admin.api.StaticFiles;
import io.portunus.node.api.BundleGuard;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A method and a path that somebody serves, with what the surface has to know of it, which it was asked once. Immutable but for its calls.
 *
 * @param owner who brings it
 * @param method its method
 * @param template its path; of a prefix, what it begins with
 * @param terms what a request has to meet
 * @param resource what answers
 * @param calls the calls of it at work
 */
record Claim(Owner owner, String method, String template, Terms terms, Resource resource, ForeignCalls calls) {
    /** Most query parameters of a resource. */
    static final int MAX_PARAMETERS = 16;

    private static final int MAX_TEMPLATE = 256;
    private static final Pattern METHOD = Pattern.compile("[A-Z]{1,16}");
    private static final Pattern TEMPLATE = Pattern.compile("(/([A-Za-z0-9._~-]+|\\{[a-z][a-z0-9_]*}))+|/");
    private static final Pattern PREFIX = Pattern.compile("(/[A-Za-z0-9~-][A-Za-z0-9._~-]*)+/");

    /** How a path is met. */
    enum Kind {
        /** As a whole, by a resource whose answer costs nothing: the I/O thread gives it, however many requests are at work. */
        INSTANT,
        /** As a whole. */
        WHOLE,
        /** By its beginning. */
        PREFIX
    }

    /**
     * What a request has to meet.
     *
     * @param kind how its path is met
     * @param right the right a call needs
     * @param parameters query parameters it takes
     * @param maxBodyBytes most bytes of its body
     * @param patience how long it may take, over and above what every request has
     * @param anyHost whether it is given by whatever host name
     * @param probe whether it takes no place
     * @param outlasts whether its calls go on when it is taken away
     */
    record Terms(Kind kind, Optional<Right> right, Set<String> parameters, long maxBodyBytes, Duration patience, boolean anyHost,
            boolean probe, boolean outlasts) {
        private static Terms of(Kind kind, Resource resource) {
            return new Terms(kind, resource.right(), Set.copyOf(resource.parameters()), resource.maxBodyBytes(), resource.patience(),
                resource.anyHost(), resource.probe(), resource.outlasts());
        }

        private boolean bounded() {
            return parameters.size() <= MAX_PARAMETERS && maxBodyBytes >= 0 && maxBodyBytes <= Resource.MOST_BODY_BYTES
                && !patience.isNegative() && patience.compareTo(Resource.MOST_PATIENCE) <= 0;
        }
    }

    /**
     * A resource of a bundle.
     *
     * @throws IllegalArgumentException if it is malformed or out of bounds; whatever else the resource throws
     */
    static Claim of(Owner owner, Resource resource, BundleGuard guard) {
        return of(owner, resource, Kind.WHOLE, guard);
    }

    /** A resource of the surface itself. */
    static Claim own(Resource resource, BundleGuard guard) {
        return of(Owner.SURFACE, resource, Kind.INSTANT, guard);
    }

    private static Claim of(Owner owner, Resource resource, Kind kind, BundleGuard guard) {
        String method = resource.method();
        String template = resource.template();
        if (!METHOD.matcher(method).matches() || method.equals("HEAD") || method.equals("OPTIONS")) {
            throw new IllegalArgumentException("its method is a word in capitals, and none of HEAD and OPTIONS, which the surface answers");
        }
        if (template.length() > MAX_TEMPLATE || !TEMPLATE.matcher(template).matches()) {
            throw new IllegalArgumentException("its template is a path as /v1/things/{name}, of at most " + MAX_TEMPLATE + " characters");
        }
        Terms terms = Terms.of(kind, resource);
        if (!terms.bounded()) {
            throw new IllegalArgumentException("it has more than " + MAX_PARAMETERS + " parameters, or its body or its patience is out of bounds");
        }
        return new Claim(owner, method, template, terms, resource,
            new ForeignCalls(owner.account(guard, "resource " + method + " " + template)));
    }

    /**
     * Files of a bundle.
     *
     * @throws IllegalArgumentException if their prefix is malformed; whatever else they throw
     */
    static Claim of(Owner owner, StaticFiles files, BundleGuard guard) {
        String prefix = files.prefix();
        if (prefix.length() > MAX_TEMPLATE || !PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("its prefix is a path as /console/, of at most " + MAX_TEMPLATE + " characters");
        }
        FileResource resource = new FileResource(prefix, files);
        return new Claim(owner, resource.method(), prefix, Terms.of(Kind.PREFIX, resource), resource,
            new ForeignCalls(owner.account(guard, "files " + prefix)));
    }

    /** What only one can have: braces are alike, whatever is in them. */
    String key() {
        return method + " " + template.replaceAll("\\{[^}]*}", "{}");
    }

    boolean open() {
        return terms.right().isEmpty();
    }

    boolean prefix() {
        return terms.kind() == Kind.PREFIX;
    }

    /** The words of its path. */
    List<String> segments() {
        return List.of(template.split("/", -1));
    }

    /** Asks it, on this thread; empty if it has just gone. */
    Optional<Reply> answer(Request request, RequestTime time) {
        return calls.run(time, () -> Objects.requireNonNull(resource.handle(request), "it gave no answer"));
    }
}
