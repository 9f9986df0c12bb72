// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.admin.http.AdminServer.Settings;
import io.portunus.model.Problem;
import io.portunus.node.api.BundleGuard;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What bundles might bring: a page for everybody, a probe, and resources that need a right. */
final class Samples {
    static final Right READ = new Right("samples.read");
    static final Right CHANGE = new Right("samples.change");

    /** Runs in place of the page, for a request that takes its time. */
    volatile Runnable beforePage = () -> { };
    volatile String body = "portunus_up 1\n";
    private volatile Supplier<List<Problem>> problems = List::of;

    /** A surface with them and the token of its state directory, which does not listen yet. */
    AdminServer server(Settings settings) {
        Roster roster = new Roster(System::nanoTime, new BundleGuard(System::nanoTime, account -> { }));
        roster.add(owner(0), new TokenAuthenticator(AdminToken.open(settings.state())));
        List<Resource> all = all();
        for (int i = 0; i < all.size(); i++) {
            roster.add(owner(i + 1), all.get(i));
        }
        AdminServer server = new AdminServer(roster, settings);
        problems = server::problems;
        return server;
    }

    static Owner owner(int service) {
        return new Owner(1, "io.portunus.samples", "1.0.0", service, 0);
    }

    private List<Resource> all() {
        return List.of(open("/metrics", false, request -> {
            beforePage.run();
            return Reply.of(200, "text/plain", body);
        }), open("/readyz", true, request -> {
            boolean ready = problems.get().isEmpty();
            return Reply.of(ready ? 200 : 503, JsonText.TYPE, request.sender().meant() ? "{\"checks\":[]}" : "{\"ready\":" + ready + "}");
        }), sample("GET", "/v1/rules", READ), sample("GET", "/v1/status", READ), sample("GET", "/v1/flows", READ),
            sample("POST", "/v1/flows/{id}/kill", CHANGE), sample("POST", "/v1/reload", CHANGE), sample("GET", "/v1/pins", READ),
            sample("PUT", "/v1/pins", CHANGE), sample("POST", "/v1/pins", CHANGE), sample("DELETE", "/v1/pins", CHANGE));
    }

    private static Resource open(String template, boolean probe, Function<Request, Reply> answer) {
        return new Sample("GET", template, Optional.empty(), probe, answer);
    }

    static Resource sample(String method, String template, Right right) {
        return new Sample(method, template, Optional.of(right), false, request -> Reply.of(200, JsonText.TYPE, "[]"));
    }

    /** A resource of a test. */
    record Sample(String method, String template, Optional<Right> right, boolean probe, Function<Request, Reply> answer) implements Resource {
        @Override
        public boolean anyHost() {
            return probe;
        }

        @Override
        public Reply handle(Request request) {
            return answer.apply(request);
        }
    }
}
