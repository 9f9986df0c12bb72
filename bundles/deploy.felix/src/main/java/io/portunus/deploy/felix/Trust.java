// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who signed what was deployed, and whether that is somebody who may: for the start, which asks before code of a bundle runs, for roll-backs and for
 * views. To verify is to read a whole jar, so it is done once for each jar and what is trusted. Thread-safe.
 */
final class Trust implements BiFunction<String, String, String> {
    private static final Logger LOG = LoggerFactory.getLogger(Trust.class);
    private final JarStore store;
    private final Supplier<DeploySettings> settings;
    /** By path; as many as are asked for, which are those that are or were deployed. */
    private final Map<Path, Verdict> known = new ConcurrentHashMap<>();
    /** Left out at the start, by name and version. */
    private final Map<String, String> leftOut = new ConcurrentHashMap<>();

    /** What a look at a jar came to. */
    private record Verdict(List<String> trusted, Optional<String> subject, String why) {
    }

    Trust(JarStore store, Supplier<DeploySettings> settings) {
        this.store = store;
        this.settings = settings;
    }

    /** Subject of the certificate that vouches for a deployed version. */
    Optional<String> signer(String name, String version) {
        return settings.get().signers().isEmpty() ? Optional.empty() : look(name, version).subject();
    }

    /** Why code of a deployed version must not run; empty if it may. */
    Optional<String> complaint(String name, String version) {
        if (!settings.get().requireSigned()) {
            return Optional.empty();
        }
        Verdict verdict = look(name, version);
        return verdict.subject().isPresent() ? Optional.empty() : Optional.of("is not trusted: " + verdict.why());
    }

    /** The same of a bundle, which is trusted if it was not deployed. */
    Optional<String> complaint(Bundle bundle) {
        return store.holds(bundle) ? complaint(bundle.getSymbolicName(), bundle.getVersion().toString()) : Optional.empty();
    }

    private Verdict look(String name, String version) {
        List<String> trusted = settings.get().signers();
        return known.compute(store.path(name, version), (path, last) -> last != null && last.trusted().equals(trusted) ? last
            : verify(path, trusted));
    }

    private static Verdict verify(Path path, List<String> trusted) {
        try {
            BundleJar jar = BundleJar.read(path);
            Signers signers = Signers.of(trusted);
            return new Verdict(trusted, signers.verified(jar.signers(), jar.name()), signers.whyNot(jar.signers(), jar.name()));
        } catch (DeployException e) {
            return new Verdict(trusted, Optional.empty(), String.valueOf(e.getMessage()));
        }
    }

    /** A jar under this name is another one from now on. */
    void forget(Path jar) {
        known.remove(jar);
    }

    /** Asked by the launcher before it starts a deployed version: why not, or an empty text. What must not run is left out, and is reported. */
    @Override
    public String apply(String name, String version) {
        Optional<String> why = complaint(name, version);
        why.ifPresent(its -> {
            leftOut.put(name + " " + version, its);
            LOG.atError().addKeyValue("event", "bundle.left_out").addKeyValue("bundle", name).addKeyValue("version", version)
                .log("what was deployed does not run: it {}", its);
        });
        return why.orElse("");
    }

    /** Sentences about versions of a bundle that were left out at the start. */
    List<String> leftOut(String name) {
        return leftOut.entrySet().stream().filter(entry -> entry.getKey().startsWith(name + " "))
            .map(entry -> entry.getKey() + " was left out at the start: it " + entry.getValue()).sorted().toList();
    }

    /** All of them, by name and version. */
    Map<String, String> leftOut() {
        return Map.copyOf(leftOut);
    }

    /** A version of that name was deployed since. */
    void deployed(String name, String version) {
        leftOut.remove(name + " " + version);
    }
}
