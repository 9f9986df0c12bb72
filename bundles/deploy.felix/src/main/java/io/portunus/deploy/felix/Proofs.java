// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which versions stayed although too little was seen of them to prove anything, since the start. Thread-safe; bounded by the bundles there are. */
final class Proofs {
    private static final Logger LOG = LoggerFactory.getLogger(Proofs.class);
    /** By symbolic name: what was upgraded last counts. */
    private final Map<String, Lack> lacks = new ConcurrentHashMap<>();

    private record Lack(String version, String why) {
    }

    /** Puts down what a bake came to, and logs what it does not prove. */
    void put(String bundle, String version, Optional<String> unproven) {
        lacks.remove(bundle);
        unproven.ifPresent(why -> {
            lacks.put(bundle, new Lack(version, why));
            LOG.atWarn().addKeyValue("event", "bundle.not_proven").addKeyValue("bundle", bundle).addKeyValue("version", version).log(
                "{}; the version stays: look at it again when it has traffic, or roll it back", why);
        });
    }

    /** Why a version is not proven: {@code "not proven: 3 flows"}. */
    Optional<String> lack(String bundle, String version) {
        return Optional.ofNullable(lacks.get(bundle)).filter(its -> its.version().equals(version)).map(Lack::why);
    }
}
