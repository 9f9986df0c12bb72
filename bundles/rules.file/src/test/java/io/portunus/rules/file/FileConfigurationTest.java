// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

class FileConfigurationTest {
    private static final String GOOD = "global.label = \"edge-1\"\n[[rule]]\nname = \"a\"\nlisten_port = 80\ntarget = \"db:80\"\n";

    private final Map<String, Map<String, Object>> pushed = new TreeMap<>();
    private final List<String> deleted = new ArrayList<>();
    private boolean unwritable;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aGoodFileConfiguresEveryPid() throws Exception {
        LoadedConfig loaded = load(GOOD + "[limits]\nmax_peeks = 7\n", Map.of("portunus.version", "1.2.3"));

        assertThat(loaded.problems()).isEmpty();
        assertThat(pushed).isEqualTo(Map.of(
            "io.portunus.admin", Map.of("listen", "127.0.0.1:7080"),
            "io.portunus.limits", Map.of("max.connections", 0L, "max.peeks", 7),
            "io.portunus.log", Map.of("level", "warn", "format", "json", "access.log", true)));
        assertThat(loaded.node().label()).isEqualTo("edge-1");
        assertThat(loaded.node().version()).isEqualTo("1.2.3");
        assertThat(loaded.node().startedAt()).isBefore(Instant.now());
    }

    @Test
    void theLaunchersOptionsWin() throws Exception {
        load("global.log_level = \"info\"\n" + GOOD, Map.of("portunus.log.level", "debug", "portunus.log.format", "pretty"));

        assertThat(pushed.get("io.portunus.log")).containsEntry("level", "debug").containsEntry("format", "pretty");
    }

    @Test
    void aBadFileConfiguresNothingAndTakesAwayWhatAnEarlierRunLeft() throws Exception {
        LoadedConfig loaded = load("nonsense = 1\n" + GOOD, Map.of());

        assertThat(pushed).isEmpty();
        assertThat(deleted).containsExactly("io.portunus.admin", "io.portunus.limits");
        assertThat(loaded.report()).isEqualTo(ProblemLine.of(folder.resolve("portunus.toml").toString(), loaded.problems().getFirst()));
        assertThat(loaded.node().label()).isNotEmpty();
    }

    @Test
    void wrongOptionsAreToldTogetherWithTheFile() throws Exception {
        LoadedConfig loaded = load("nonsense = 1\n" + GOOD, Map.of("portunus.log.level", "loud", "portunus.log.format", "xml"));

        assertThat(loaded.problems()).extracting(p -> p.path()).containsExactly("--log-level", "--log-format", "nonsense");
    }

    @Test
    void withoutAFileThereIsASentence() {
        LoadedConfig loaded = LoadedConfig.load(key -> Optional.empty(), new ConfigPush(configurations()));

        assertThat(loaded.report()).contains("io_error").contains("--config");
    }

    @Test
    void aStoreThatCannotBeWrittenIsAProblem() throws Exception {
        unwritable = true;

        assertThat(load(GOOD, Map.of()).report()).contains("io_error: the configuration cannot be stored (disk full)");
    }

    private LoadedConfig load(String text, Map<String, String> options) throws IOException {
        Path file = Files.writeString(folder.resolve("portunus.toml"), text);
        return LoadedConfig.load(key -> key.equals("portunus.config") ? Optional.of(file.toString()) : Optional.ofNullable(options.get(key)),
            new ConfigPush(configurations()));
    }

    private ConfigurationAdmin configurations() {
        return proxy(ConfigurationAdmin.class, (self, method, arguments) -> {
            if (unwritable) {
                throw new IOException("disk full");
            }
            return configuration((String) arguments[0]);
        });
    }

    private Configuration configuration(String pid) {
        return proxy(Configuration.class, (self, method, arguments) -> switch (method.getName()) {
            case "updateIfDifferent" -> {
                pushed.put(pid, Map.copyOf(FrameworkUtil.asMap(dictionary(arguments[0]))));
                yield true;
            }
            case "delete" -> deleted.add(pid);
            default -> throw new AssertionError(method);
        });
    }

    @SuppressWarnings("unchecked")
    private static Dictionary<String, Object> dictionary(Object value) {
        return (Dictionary<String, Object>) value;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
