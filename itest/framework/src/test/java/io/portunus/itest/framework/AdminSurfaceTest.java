// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.framework;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.admin.api.Authentication;
import io.portunus.admin.api.Authenticator;
import io.portunus.admin.api.Credentials;
import io.portunus.admin.api.Principal;
import io.portunus.admin.api.Reply;
import io.portunus.admin.api.Request;
import io.portunus.admin.api.Resource;
import io.portunus.admin.api.Right;
import io.portunus.admin.api.StaticFiles;
import io.portunus.itest.testkit.Await;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.junit5.context.BundleContextExtension;

/** A bundle that the surface knows nothing of joins it, and leaves it, while the socket stays. */
@ExtendWith(BundleContextExtension.class)
@Timeout(60)
class AdminSurfaceTest {
    private static final Right READ = new Right("greeting.read");
    private static final String PATH = "/v1/greeting/you";

    private BundleContext context;
    private Node node;

    @BeforeEach
    void start(@InjectBundleContext BundleContext own) {
        context = own;
        node = Node.start(own);
        node.publish();
        node.readiness(200);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    /** Greets whom it may. */
    private record Greeting(Right needed) implements Resource {
        @Override
        public String template() {
            return "/v1/greeting/{name}";
        }

        @Override
        public Optional<Right> right() {
            return Optional.of(needed);
        }

        @Override
        public Reply handle(Request request) {
            return Reply.of(200, "text/plain", "Good day, " + request.variable("name") + ", from "
                + request.principal().map(Principal::name).orElse("nobody"));
        }
    }

    /** One page. */
    private static final class Pages implements StaticFiles {
        @Override
        public String prefix() {
            return "/greeting/";
        }

        @Override
        public Optional<Right> right() {
            return Optional.empty();
        }

        @Override
        public Optional<InputStream> open(String path) {
            return path.equals("index.html") ? Optional.of(new ByteArrayInputStream("<p>Good day".getBytes(US_ASCII))) : Optional.empty();
        }
    }

    /** Knows a guest by a header field. */
    private static final class Guests implements Authenticator {
        @Override
        public Authentication authenticate(Credentials credentials) {
            return credentials.field("X-Guest").<Authentication>map(name -> new Authentication.Known(Principal.of(name, "guest", Set.of(READ))))
                .orElse(Authentication.NO_OPINION);
        }

        @Override
        public String challenge() {
            return "Guest";
        }

        @Override
        public String remedy() {
            return "Say who you are.";
        }
    }

    private int status(String path) {
        return node.get(path).map(HttpResponse::statusCode).orElse(0);
    }

    private int guest(String path) {
        return node.get(path, "X-Guest", "ann").map(HttpResponse::statusCode).orElse(0);
    }

    @Test
    void aResourceIsServedAsLongAsItsServiceIsThere() {
        ServiceRegistration<Resource> greeting = context.registerService(Resource.class, new Greeting(READ), null);

        Await.until("it is served", Node.SOON, () -> status(PATH) == 200);
        assertThat(node.get(PATH)).hasValueSatisfying(r -> assertThat(r.body()).isEqualTo("Good day, you, from local"));
        assertThat(guest(PATH)).isEqualTo(401);
        assertThat(node.get("/")).hasValueSatisfying(r -> assertThat(r.body()).contains("/v1/greeting/{name}"));

        greeting.unregister();
        assertThat(status(PATH)).isEqualTo(503);
        assertThat(status("/v1/rules")).isEqualTo(200);
    }

    @Test
    void anAuthenticatorLetsInWhomItKnowsToWhatHeMayDo() {
        ServiceRegistration<Resource> greeting = context.registerService(Resource.class, new Greeting(READ), null);
        ServiceRegistration<Authenticator> guests = context.registerService(Authenticator.class, new Guests(),
            FrameworkUtil.asDictionary(Map.of(Constants.SERVICE_RANKING, 10)));

        Await.until("the guest is known", Node.SOON, () -> guest(PATH) == 200);
        assertThat(guest("/v1/rules")).isEqualTo(403);
        assertThat(status(PATH)).isEqualTo(200);

        guests.unregister();
        assertThat(guest(PATH)).isEqualTo(401);
        greeting.unregister();
    }

    @Test
    void filesAreServedAsLongAsTheirServiceIsThere() {
        ServiceRegistration<StaticFiles> pages = context.registerService(StaticFiles.class, new Pages(), null);

        Await.until("the page is served", Node.SOON, () -> guest("/greeting/") == 200);
        assertThat(guest("/greeting/other.html")).isEqualTo(404);

        pages.unregister();
        assertThat(guest("/greeting/")).isEqualTo(503);
    }

    @Test
    void whoComesSecondIsShownAndServesWhenTheFirstHasGone() {
        ServiceRegistration<Resource> first = context.registerService(Resource.class, new Greeting(READ), null);
        Await.until("the first is served", Node.SOON, () -> status(PATH) == 200);
        ServiceRegistration<Resource> second = context.registerService(Resource.class, new Greeting(new Right("greeting.other")), null);

        Await.until("the second is shown", Node.SOON, () -> node.get("/readyz").filter(r -> r.body().contains("path_taken")).isPresent());
        assertThat(node.readiness(200)).contains("\"degraded\":true");

        first.unregister();
        assertThat(status(PATH)).isEqualTo(200);
        assertThat(node.readiness(200)).doesNotContain("path_taken");
        second.unregister();
    }

    @Test
    void theNodesResourcesComeAndGoWithTheirBundle() throws Exception {
        String address = node.get("/healthz").orElseThrow().uri().getAuthority();

        node.stop("admin.node");

        assertThat(status("/v1/rules")).isEqualTo(503);
        assertThat(node.get("/healthz")).hasValueSatisfying(r -> assertThat(r.statusCode()).isEqualTo(200));
        node.start("admin.node");
        Await.until("they are back", Node.SOON, () -> status("/v1/rules") == 200);
        assertThat(node.get("/healthz").orElseThrow().uri().getAuthority()).isEqualTo(address);
    }
}
