// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.framework;

import io.portunus.flow.api.ForwardingEngine;
import io.portunus.itest.testkit.Await;
import io.portunus.model.Problem;
import io.portunus.model.Rule;
import io.portunus.model.RuleSet;
import io.portunus.node.api.NodeInfo;
import io.portunus.node.api.RulePublisher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * The node under test: the bundles around this one, configured, with this one as their rule source. Confined to the thread of the test.
 */
final class Node implements AutoCloseable {
    static final String ADMIN = "io.portunus.admin";
    static final String LIMITS = "io.portunus.limits";
    static final String LOG = "io.portunus.log";
    static final String ACCESS_LOG = "io.portunus.access_log";
    static final String TRANSPORT = "io.portunus.transport";
    static final Duration SOON = Duration.ofSeconds(10);

    private final BundleContext context;
    private final Map<String, Configuration> configurations = new LinkedHashMap<>();
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    /** Who reads the file, where a test needs that. */
    private Optional<Bundle> reader = Optional.empty();
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(SOON).build();

    private Node(BundleContext context) {
        this.context = context;
    }

    /** Who the tests are. */
    private record TestIdentity(String label, String version, Instant startedAt) implements NodeInfo {
    }

    /** Configures the bundles and waits until all is there. */
    static Node start(BundleContext context) {
        Node node = new Node(context);
        node.registrations.add(context.registerService(NodeInfo.class, new TestIdentity("test", "0.0.0", Instant.now()), null));
        node.configure(LOG, Map.of("level", "warn", "format", "json"));
        node.configure(ACCESS_LOG, Map.of("enabled", false));
        node.configure(LIMITS, Map.of("max.connections", 64L, "max.peeks", 16));
        node.configure(TRANSPORT, Map.of("name", "auto"));
        node.configure(ADMIN, Map.of("listen", "127.0.0.1:0"));
        Await.until("the services of the node", SOON,
            () -> Stream.of(RulePublisher.class, ForwardingEngine.class).allMatch(t -> node.find(t).isPresent()));
        return node;
    }

    /** The node as a file configures it: with who reads the file, and nobody who reads rules in it. */
    static Node byFile(BundleContext context, String file) throws IOException, BundleException {
        Node node = new Node(context);
        node.write(file);
        // Beside the others, wherever they are; installed, it would configure what the other tests do.
        node.reader = Optional.of(context.installBundle(node.jar("rules.core").toUri().toString().replace("rules.core", "config.file")));
        node.start("config.file");
        return node;
    }

    /** Writes the file that the node may be configured by. */
    void write(String file) throws IOException {
        Path path = Path.of(context.getProperty("portunus.config"));
        Files.createDirectories(path.getParent());
        Files.writeString(path, file);
    }

    // Services.

    /** The service, now. */
    <S> Optional<S> find(Class<S> type) {
        return Optional.ofNullable(context.getServiceReference(type)).flatMap(r -> Optional.ofNullable(context.getService(r)));
    }

    /** The service, soon. */
    <S> S service(Class<S> type) {
        Await.until("a service " + type.getName(), SOON, () -> find(type).isPresent());
        return find(type).orElseThrow();
    }

    /** Every service of the type, now. */
    <S> List<S> services(Class<S> type) {
        try {
            return context.getServiceReferences(type, null).stream().sorted()
                .flatMap((ServiceReference<S> r) -> Optional.ofNullable(context.getService(r)).stream()).toList();
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }

    // Bundles.

    /** Stops the bundle of ours with the name. */
    void stop(String name) throws BundleException {
        bundle(name).stop(Bundle.STOP_TRANSIENT);
    }

    /** Starts it again; does nothing if it runs. */
    void start(String name) throws BundleException {
        bundle(name).start(Bundle.START_TRANSIENT);
    }

    /** Where the bundle of ours with the name was installed from. */
    Path jar(String name) {
        String location = bundle(name).getLocation();
        return Path.of(URI.create(location.startsWith("reference:") ? location.substring("reference:".length()) : location));
    }

    private Bundle bundle(String name) {
        return Arrays.stream(context.getBundles()).filter(b -> ("io.portunus." + name).equals(b.getSymbolicName())).findFirst().orElseThrow();
    }

    // Configuration and rules.

    /** Makes these the values of the configuration. The components follow on a thread of ConfigAdmin's. */
    void configure(String pid, Map<String, ?> values) {
        try {
            Configuration configuration = service(ConfigurationAdmin.class).getConfiguration(pid, "?");
            configuration.update(FrameworkUtil.asDictionary(values));
            configurations.put(pid, configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes the configuration away. */
    void deconfigure(String pid) {
        Optional.ofNullable(configurations.remove(pid)).ifPresent(c -> {
            try {
                c.delete();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Puts the rules in force; fails if anything is wrong with them. */
    void publish(Rule... rules) {
        List<Problem> problems = service(RulePublisher.class).publish("test", new RuleSet("test", List.of(rules))).problems();
        if (!problems.isEmpty()) {
            throw new AssertionError("the rules have problems: " + problems);
        }
    }

    ForwardingEngine engine() {
        return service(ForwardingEngine.class);
    }

    // The admin surface.

    /** GET with the token; empty while nobody answers. */
    Optional<HttpResponse<String>> get(String path) {
        try {
            return get(path, "Authorization", "Bearer " + state("admin.token"));
        } catch (IOException notYet) {
            return Optional.empty();
        }
    }

    /** GET with one header field of another kind; empty while nobody answers. */
    Optional<HttpResponse<String>> get(String path, String name, String value) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + state("admin.address") + path)).timeout(SOON)
                .header(name, value).build();
            return Optional.of(http.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException notYet) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What {@code /readyz} answers once it has the status. */
    String readiness(int status) {
        Await.until("/readyz answers " + status, SOON, () -> get("/readyz").filter(r -> r.statusCode() == status).isPresent());
        return get("/readyz").orElseThrow().body();
    }

    /** The access records so far. */
    String accessLog() throws IOException {
        Path file = Path.of(context.getProperty("portunus.state"), "access.log");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    /** Takes away what a file configured. */
    private void withdraw(Bundle installed) {
        try {
            installed.uninstall();
            Configuration[] all = service(ConfigurationAdmin.class).listConfigurations("(service.pid=io.portunus.*)");
            for (Configuration configuration : all == null ? new Configuration[0] : all) {
                if (!configurations.containsKey(configuration.getPid())) {
                    configuration.delete();
                }
            }
        } catch (IOException | BundleException | InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private String state(String file) throws IOException {
        return Files.readString(Path.of(context.getProperty("portunus.state"), file)).strip();
    }

    /** Leaves nothing for the next test: no configuration, so no engine, and none of our services. */
    @Override
    public void close() {
        reader.ifPresent(this::withdraw);
        List.copyOf(configurations.keySet()).forEach(this::deconfigure);
        Await.until("the engine goes with its configuration", SOON, () -> find(ForwardingEngine.class).isEmpty());
        registrations.forEach(ServiceRegistration::unregister);
        http.close();
    }
}
