// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix.sample;

import io.portunus.flow.spi.Handover;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Inspector;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** A bundle in one class, which behaves as its manifest states. */
public final class SampleActivator implements BundleActivator, SelfCheck, Inspector, Handover {
    private final Map<String, Object> state = new ConcurrentHashMap<>();
    private String check = "";

    @Override
    public void start(BundleContext context) throws InterruptedException {
        Dictionary<String, String> raw = context.getBundle().getHeaders("");
        Map<String, String> headers = new HashMap<>();
        raw.keys().asIterator().forEachRemaining(key -> headers.put(key, raw.get(key)));
        act(headers.getOrDefault("X-Start", ""));
        check = headers.getOrDefault("X-Check", "");
        state.put("version", context.getBundle().getVersion().toString());
        if (!headers.containsKey("X-No-Check")) {
            context.registerService(SelfCheck.class, this, null);
        }
        if (headers.containsKey("X-Kind")) {
            context.registerService(Inspector.class, this, null);
        }
        if (headers.containsKey("X-Handover")) {
            context.registerService(Handover.class, this, null);
        }
    }

    private static void act(String how) throws InterruptedException {
        if (how.equals("hang")) {
            new CountDownLatch(1).await();
        } else if (how.equals("throw")) {
            throw new IllegalStateException("as its manifest says");
        }
    }

    @Override
    public void stop(BundleContext context) {
        state.clear();
    }

    @Override
    public List<Problem> run() {
        try {
            act(check);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return check.equals("problem") ? List.of(Problem.of(ProblemCode.COMPONENT_MISSING, "sample", "a wheel is loose")) : List.of();
    }

    @Override
    public String kind() {
        return "sample";
    }

    @Override
    public Inspection begin() {
        throw new IllegalStateException();
    }

    @Override
    public Map<String, Object> give() {
        return state;
    }

    @Override
    public void take(Map<String, Object> given) {
        // Seen from outside: the tests look at system properties, the only thing that both class loaders share.
        System.setProperty("portunus.test.taken", Optional.ofNullable(given.get("version")).map(Object::toString).orElse(""));
    }
}
