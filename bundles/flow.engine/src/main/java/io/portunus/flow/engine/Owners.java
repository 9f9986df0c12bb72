// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.engine;

import io.portunus.flow.api.KindOwners;
import io.portunus.model.Offer;
import io.portunus.model.Problem;
import io.portunus.node.api.DeployCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whose kinds are, as others decide it, and the services that are not taken. Thread-safe. */
final class Owners implements KindOwners {
    private static final Logger LOG = LoggerFactory.getLogger(Owners.class);
    private final Engine engine;
    /** As many as run in the framework. */
    private final List<Stray> strays = new CopyOnWriteArrayList<>();

    /** A service that is not taken; two of equal values are two. */
    private record Stray(Object service, Undeclared what) {
        boolean is(Object other) {
            return service == other;
        }
    }

    Owners(Engine engine) {
        this.engine = engine;
    }

    @Override
    public Map<Offer, String> owners() {
        Map<Offer, String> all = new TreeMap<>();
        engine.serving().owners().forEach((post, bundle) -> all.put(post.offer(), bundle));
        return all;
    }

    @Override
    public void decide(Map<Offer, String> owners) {
        choose(owners, present -> present);
    }

    @Override
    public boolean decide(Map<Offer, String> owners, String bundle, String version) {
        choose(owners, present -> present.preferring(bundle, version));
        return engine.serving().runs(bundle, version);
    }

    private void choose(Map<Offer, String> owners, UnaryOperator<Serving> besides) {
        Map<Post, String> posts = new HashMap<>();
        // What has no role of ours is nobody's to serve.
        owners.forEach((offer, bundle) -> Post.of(offer).ifPresent(post -> posts.put(post, bundle)));
        engine.choose(present -> besides.apply(present.owned(posts)));
    }

    /** Reads what {@link KindOwners#PROPERTY} has; what is malformed is nobody's. */
    static Map<Offer, String> parse(String property) {
        Map<Offer, String> owners = new HashMap<>();
        for (String word : property.split(" ")) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                Offer.parse(word.substring(0, equals)).ifPresent(offer -> owners.put(offer, word.substring(equals + 1)));
            }
        }
        return owners;
    }

    /** Notes a service that its bundle does not declare. */
    void stray(Object service, Undeclared what) {
        LOG.atWarn().addKeyValue("event", "kind.undeclared").addKeyValue("bundle", what.bundle()).addKeyValue("version", what.version())
            .addKeyValue("kind", what.offer()).log("a service was not taken, because the manifest of its bundle does not declare it");
        strays.add(new Stray(service, what));
    }

    /** Forgets it; whether it was one. */
    boolean strayed(Object service) {
        return strays.removeIf(stray -> stray.is(service));
    }

    @Override
    public List<Undeclared> undeclared() {
        return strays.stream().map(Stray::what).toList();
    }

    /** One problem for each service that is not taken. */
    List<Problem> problems() {
        return undeclared().stream().map(its -> Problem.of(DeployCode.KIND_UNDECLARED, its.offer().toString(), its.bundle() + " " + its.version()
            + " offers it and does not declare it, so that it is not taken; have its manifest say \"" + Offer.HEADER + ": " + its.offer().clause()
            + "\"")).toList();
    }

    @Override
    public List<String> rulesOn(Offer offer, int most) {
        return Post.of(offer).map(post -> engine.missing().rulesOn(post, most)).orElse(List.of());
    }
}
