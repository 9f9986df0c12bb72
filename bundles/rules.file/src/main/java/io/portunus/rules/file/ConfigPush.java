// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.Cidr;
import io.portunus.rules.file.ParsedConfig.AccessSettings;
import io.portunus.rules.file.ParsedConfig.DnsSettings;
import io.portunus.rules.file.ParsedConfig.ShellSettings;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Gives the file's tables to the components that are typed by them. Used by one thread at a time. */
final class ConfigPush {
    /** The admin surface. */
    static final String ADMIN = "io.portunus.admin";
    /** The engine's ceilings. */
    static final String LIMITS = "io.portunus.limits";
    /** How bundles are replaced. */
    static final String DEPLOY = "io.portunus.deploy";
    /** The shell over SSH; it is configured only if the file has the table. */
    static final String SHELL = "io.portunus.shell";
    /** How names are looked up. */
    static final String DNS = "io.portunus.dns";
    /** The statistics socket. */
    static final String STATS = "io.portunus.stats";
    /** What carries connections. */
    static final String TRANSPORT = "io.portunus.transport";
    /** The log. */
    static final String LOG = "io.portunus.log";
    /** Access records. */
    static final String ACCESS_LOG = "io.portunus.access_log";

    /** Any bundle may use the configuration, whichever asked first. */
    private static final String ANY_BUNDLE = "?";

    private final ConfigurationAdmin configurations;

    ConfigPush(ConfigurationAdmin configurations) {
        this.configurations = configurations;
    }

    /** Sets every configuration; one that is as it was is not touched, so its component is not restarted. */
    void push(ParsedConfig config) throws IOException {
        put(LOG, Map.of("level", config.log().level(), "format", config.log().format()));
        put(ACCESS_LOG, accessLog(config.log().access()));
        put(LIMITS, Map.of("max.connections", config.limits().maxConnections(), "max.peeks", config.limits().maxPeeks(),
            "max.buffer.bytes", config.limits().maxBufferBytes()));
        put(TRANSPORT, Map.of("name", config.global().transport(), "partial", config.global().partialStart()));
        put(DNS, dns(config.dns()));
        put(DEPLOY, Map.of("require.signed", config.deploy().requireSigned(), "signers", config.deploy().signers().toArray(String[]::new),
            "bake", config.deploy().bake().toMillis(), "max.versions", config.deploy().maxVersions()));
        put(ADMIN, Map.of("listen", config.admin().listen().text(), "dual.stack", config.admin().listen().dualStack(),
            "fallback", !config.admin().named(),
            "host", config.admin().hosts().toArray(String[]::new)));
        put(STATS, Map.of("enabled", config.stats().enabled(), "socket.path", config.stats().socketPath(),
            "fallback", config.stats().fallback().orElse(""), "refresh.ms", config.stats().refreshMs()));
        if (config.shell().isPresent()) {
            put(SHELL, shell(config.shell().get()));
        } else {
            delete(SHELL);
        }
    }

    private static Map<String, Object> accessLog(AccessSettings access) {
        return Map.of("enabled", access.enabled(), "to", access.to(), "path", access.path(), "max.size", access.maxSize(), "keep", access.keep(),
            "fields", access.fields().toArray(String[]::new), "syslog", access.syslog());
    }

    private static Map<String, Object> dns(DnsSettings dns) {
        return Map.of("servers", dns.servers().toArray(String[]::new), "timeout.ms", dns.timeout().toMillis(), "min.ttl.ms", dns.minTtl().toMillis(),
            "max.ttl.ms", dns.maxTtl().toMillis(), "stale.ms", dns.stale().toMillis(), "negative.ttl.ms", dns.negativeTtl().toMillis(),
            "max.names", dns.maxNames(), "max.lookups", dns.maxLookups(),
            "deny", dns.deny().stream().map(Cidr::toString).toArray(String[]::new));
    }

    private static Map<String, Object> shell(ShellSettings shell) {
        Map<String, Object> values = new HashMap<>();
        values.put("listen", shell.listen().text());
        values.put("dual.stack", shell.listen().dualStack());
        values.put("fallback", !shell.named());
        shell.authorizedKeys().ifPresent(path -> values.put("authorized.keys", path));
        return values;
    }

    /** Takes away what an earlier run left, so that nothing starts with values of a file that is no longer there. */
    void withdraw() throws IOException {
        for (String pid : List.of(ACCESS_LOG, ADMIN, LIMITS, DEPLOY, SHELL, DNS, STATS, TRANSPORT)) {
            delete(pid);
        }
    }

    private void delete(String pid) throws IOException {
        configurations.getConfiguration(pid, ANY_BUNDLE).delete();
    }

    private void put(String pid, Map<String, Object> values) throws IOException {
        Configuration configuration = configurations.getConfiguration(pid, ANY_BUNDLE);
        configuration.updateIfDifferent(FrameworkUtil.asDictionary(values));
    }
}
