// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix.sample;

import io.portunus.flow.spi.Handover;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.Inspector;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.BundlePart;
import io.portunus.node.api.Post;
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
public final class SampleActivator implements BundleActivator, SelfCheck, Inspector, Handover, Post.Holder {
    /** What holds the post, seen from outside. */
    private static final String HELD_BY = "portunus.test.post";
    private final Map<String, Object> state = new ConcurrentHashMap<>();
    private Optional<Post> post = Optional.empty();
    private boolean busy;
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
        apply(context, headers.getOrDefault("X-Post", ""));
    }

    /** Applies for the bundle's post, with which it is hindered, or which it is still busy with when it is stopped, as the header states. */
    private void apply(BundleContext context, String how) {
        if (!how.isEmpty()) {
            busy = how.equals("busy");
            state.put("post", how);
            post = Optional.of(Post.apply(new BundlePart(context.getBundle().getSymbolicName(), context.getBundle().getVersion().toString(), "door"),
                this));
        }
    }

    @Override
    public void take(Post taken) {
        System.setProperty(HELD_BY, System.getProperty(HELD_BY, "") + " +" + state.get("version"));
        if ("hindered".equals(state.get("post"))) {
            taken.hinder("the hinges are rusty");
        }
    }

    @Override
    public void leave() {
        System.setProperty(HELD_BY, System.getProperty(HELD_BY, "") + " -" + state.get("version"));
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
        if (busy) {
            post.orElseThrow().close(atMost -> {
                while (!Boolean.getBoolean("portunus.test.errand.over")) {
                    Thread.onSpinWait();
                }
            });
        }
        post.ifPresent(Post::close);
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
