// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.model.Listener;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.model.Rule;
import io.portunus.model.Spelling;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is missing of what listeners need. Immutable.
 *
 * @param serving who is there
 * @param listeners those in force
 * @param absences since when the others are not
 * @param installed what could bring them
 */
record Lacks(Serving serving, Collection<EngineListener> listeners, Absences absences, Installed installed) {
    /** Rules that a sentence names; a kind may have thousands. */
    private static final int NAMED = 5;

    /** One problem for each post that nobody fills. */
    List<Problem> problems() {
        return missing().map(this::problem).toList();
    }

    /** Those that keep the node from being ready. */
    List<Problem> halting() {
        return missing().filter(this::halts).map(this::problem).toList();
    }

    /** Those that cost some rules their connections, and the node nothing else. */
    List<Problem> passing() {
        return missing().filter(post -> !halts(post)).map(this::problem).toList();
    }

    private Stream<Post> missing() {
        return serving.missing(Stream.concat(Post.ALWAYS.stream(), needs()).distinct().toList()).stream();
    }

    /**
     * A kind that nobody has ever served is as good as a mistake in a rule; one that somebody did serve is a part of the node that has gone,
     * which matters if it leaves a port with nothing.
     */
    private boolean halts(Post post) {
        return !post.ofRules() || absences.awaited(post) || absences.went(post) && leavesNothing(post);
    }

    private boolean leavesNothing(Post post) {
        Set<Post> missing = ofRules();
        return listeners.stream().anyMatch(its -> its.needs().contains(post) && Absences.leavesNothing(its.routes(), missing));
    }

    /** What rules name and nobody serves. */
    Set<Post> ofRules() {
        return serving.missing(needs().distinct().toList()).stream().filter(Post::ofRules).collect(Collectors.toUnmodifiableSet());
    }

    private Stream<Post> needs() {
        return listeners.stream().flatMap(listener -> listener.needs().stream());
    }

    private Problem problem(Post post) {
        return post.ofRules() ? ofRules(post) : post.missing(remedy(post));
    }

    /** That nobody serves a kind that rules name. */
    Problem ofRules(Post post) {
        String kind = post.kind();
        Set<String> running = serving.all(post.role()).map(its -> its.origin().post().kind()).collect(Collectors.toUnmodifiableSet());
        String meant = Spelling.nearest(kind, running).map(its -> "; did you mean '" + its + "'?").orElse("");
        return Problem.of(ProblemCode.NO_HANDLER, post.path(), who(post) + ": that takes nothing, and everything else goes on; "
            + remedy(post) + meant);
    }

    private String who(Post post) {
        String kind = post.kind();
        return switch (post.role()) {
            case POLICY -> "no policy " + kind + " is running, and " + rules((routes, rule) -> names(rule, post), "ask") + " for it";
            case LAYER -> "no layer " + kind + " is running, and " + rules((routes, rule) -> names(rule, post), "ask") + " for it";
            default -> "no " + post.inspector() + " of " + kind + " is running, and "
                + rules((routes, rule) -> needs(routes, rule, post), "route") + " by it";
        };
    }

    private String remedy(Post post) {
        return installed.remedy(post, Optional.ofNullable(serving.owners().get(post)).or(() -> absences.former(post)));
    }

    /** Names of the enabled rules that take nothing without a post, in their order. */
    List<String> rulesOn(Post post, int most) {
        return listeners.stream().map(EngineListener::routes).flatMap(routes -> routes.rules().stream().filter(rule -> needs(routes, rule, post)))
            .map(Rule::name).distinct().limit(most).toList();
    }

    /** A transport is no need: what it carried goes to another. */
    private static boolean needs(Listener routes, Rule rule, Post post) {
        return switch (post.role()) {
            case HANDLER -> Post.handler(routes.key().protocol()).equals(post);
            case SELECTOR -> Post.TARGETS.equals(post);
            case INSPECTOR, DATAGRAM_INSPECTOR -> post.equals(Post.inspector(routes.key().protocol(), post.kind()))
                && routes.kindFor(rule).filter(post.kind()::equals).isPresent();
            case FILTER -> Post.PROXY_IN.equals(post) && rule.proxyTrust().isPresent();
            case HEADER -> Post.PROXY_OUT.equals(post) && Listener.proxied(rule);
            case POLICY, LAYER -> names(rule, post);
            case TRANSPORT -> false;
        };
    }

    /** Whether a rule names a policy or a layer. */
    static boolean names(Rule rule, Post post) {
        return switch (post.role()) {
            case POLICY -> rule.governance().policies().containsKey(post.kind());
            case LAYER -> rule.layers().kinds().anyMatch(post.kind()::equals);
            default -> false;
        };
    }

    private String rules(BiPredicate<Listener, Rule> named, String verb) {
        Set<String> names = new TreeSet<>();
        for (EngineListener listener : listeners) {
            Listener routes = listener.routes();
            routes.rules().stream().filter(rule -> named.test(routes, rule)).map(Rule::name).forEach(names::add);
        }
        String first = names.stream().limit(NAMED).map(name -> "'" + name + "'").collect(Collectors.joining(", "));
        return names.size() == 1 ? "the rule " + first + " " + verb + "s"
            : "rules " + verb + " (" + first + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "") + ")";
    }
}
