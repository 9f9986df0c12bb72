// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The distribution as a process of its own, standalone, with a configuration of the test's. */
public final class Appliance implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(45);

    private final Process process;
    private final Path home;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private Appliance(Process process, Path home) {
        this.process = process;
        this.home = home;
    }

    /** A finished run of the command. */
    public record Finished(int exitCode, String out, String err) {
    }

    /** Starts with this TOML (an {@code [admin]} table is added) and waits until it is ready. */
    public static Appliance start(Path directory, String toml) {
        return start(directory, toml, Map.of());
    }

    /** The same with more variables in its environment, such as {@code PORTUNUS_JAVA_OPTS}. */
    public static Appliance start(Path directory, String toml, Map<String, String> environment) {
        return launch(directory, toml, environment, List.of()).awaitReady();
    }

    /** The same in a process that may open so many files only. */
    public static Appliance limited(Path directory, String toml, int descriptors) {
        return launch(directory, toml, Map.of(), List.of("sh", "-c", "ulimit -n " + descriptors + "; exec \"$@\"", "sh")).awaitReady();
    }

    /** Waits until it is ready; one that ends instead is a failure with what it wrote. */
    public Appliance awaitReady() {
        try {
            Await.until("the appliance is ready", START, () -> !process.isAlive() || ready());
        } catch (AssertionError late) {
            process.destroyForcibly();
            throw new AssertionError(late.getMessage() + "\n" + errors(), late);
        }
        if (!process.isAlive()) {
            throw new AssertionError("the appliance ended with " + process.exitValue() + "\n" + errors());
        }
        return this;
    }

    /** Starts without waiting. */
    public static Appliance launch(Path directory, String toml) {
        return launch(directory, toml, Map.of(), List.of());
    }

    private static Appliance launch(Path directory, String toml, Map<String, String> environment, List<String> starter) {
        try {
            Files.createDirectories(directory);
            Path config = directory.resolve("portunus.toml");
            Files.writeString(config, withAdmin(toml));
            ProcessBuilder builder = command(List.of("--config", config.toString(), "--state-dir", directory.resolve("state").toString(),
                "--no-shell", "--stats-socket", directory.resolve("stats.sock").toString()));
            builder.environment().putAll(environment);
            builder.command().addAll(0, starter);
            Process process = builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(directory.resolve("out.log").toFile())
                .redirectError(directory.resolve("err.log").toFile())
                .start();
            return new Appliance(process, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs the command to its end. */
    public static Finished run(Path directory, List<String> arguments) {
        try {
            Path out = directory.resolve("run-out.log");
            Path err = directory.resolve("run-err.log");
            Process process = command(arguments).directory(directory.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile())).start();
            if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the command did not end: " + arguments + "\n" + Files.readString(err));
            }
            return new Finished(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static ProcessBuilder command(List<String> arguments) {
        String home = System.getProperty("portunus.home");
        if (home == null) {
            throw new IllegalStateException("the property portunus.home must name the assembled distribution");
        }
        List<String> words = new ArrayList<>(List.of(Path.of(home, "bin", "portunus-standalone").toString()));
        words.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(words);
        // The JVM that runs the tests is the one that the toolchain chose.
        builder.environment().put("PORTUNUS_JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString());
        return builder;
    }

    private boolean ready() {
        try {
            return Files.exists(home.resolve("state/admin.address")) && get("/readyz").statusCode() == 200;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    /** GET with the token. */
    public HttpResponse<String> get(String path) {
        return send(request(path).GET().build());
    }

    /** POST without a body, with the token. */
    public HttpResponse<String> post(String path) {
        return send(request(path).POST(HttpRequest.BodyPublishers.noBody()).build());
    }

    /** POST of a file, with the token. */
    public HttpResponse<String> upload(String path, Path file) {
        try {
            return send(request(path).header("Content-Type", "application/java-archive").timeout(Duration.ofMinutes(2))
                .POST(HttpRequest.BodyPublishers.ofFile(file)).build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** POST of JSON, with the token. */
    public HttpResponse<String> post(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").timeout(Duration.ofMinutes(2))
            .POST(HttpRequest.BodyPublishers.ofString(json)).build());
    }

    /** DELETE with the token. */
    public HttpResponse<String> delete(String path) {
        return send(request(path).DELETE().timeout(Duration.ofMinutes(2)).build());
    }

    /** Puts another file in the place of the configuration, as editors do: by renaming. */
    public void configure(String toml) {
        try {
            Path newer = Files.writeString(home.resolve("portunus.toml.new"), withAdmin(toml));
            Files.move(newer, home.resolve("portunus.toml"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withAdmin(String toml) {
        return toml + "\n[admin]\nlisten = \"127.0.0.1:0\"\n";
    }

    /** Sends it a signal, {@code "HUP"}. */
    public void signal(String name) {
        tool("kill", "-" + name, Long.toString(process.pid()));
    }

    /** Open descriptors (proc(5)). */
    public int descriptors() {
        return entries("fd");
    }

    /** Open descriptors of pipes (proc(5)). */
    public long pipes() {
        return descriptorsOf("pipe:").size();
    }

    /** Open descriptors of a kind, each with what it is of: {@code "7 pipe:[4711]"} (proc(5)). */
    public List<String> descriptorsOf(String kind) {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return open.map(descriptor -> descriptor.getFileName() + " " + link(descriptor)).filter(each -> each.contains(" " + kind)).sorted()
                .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String link(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closed) {
            return "closed";
        }
    }

    /** Its sockets with a local port, those that listen and those that are connected: by descriptor, what it is of (proc(5)). */
    public Map<String, String> sockets(int port) {
        Pattern local = Pattern.compile("\\s*\\d+: [0-9A-F]+:%04X (?:\\S+\\s+){7}(\\d+) .*".formatted(port));
        Set<String> ofPort = Stream.of("/proc/net/tcp", "/proc/net/tcp6").flatMap(table -> lines(Path.of(table)))
            .map(local::matcher).filter(Matcher::matches).map(line -> "socket:[" + line.group(1) + "]").collect(Collectors.toSet());
        return descriptorsOf("socket:").stream().map(each -> each.split(" ")).filter(each -> ofPort.contains(each[1]))
            .collect(Collectors.toMap(each -> each[0], each -> each[1]));
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Threads of the system (proc(5)). */
    public int threads() {
        return entries("task");
    }

    /** Its threads whose name begins so, each with its number in the system; the system cuts names to 15 bytes. */
    public List<String> threads(String beginning) {
        try (Stream<Path> all = Files.list(Path.of("/proc/" + process.pid(), "task"))) {
            return all.map(thread -> read(thread.resolve("comm")) + " " + thread.getFileName()).filter(each -> each.startsWith(beginning)).sorted()
                .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException ended) {
            return "";
        }
    }

    private int entries(String folder) {
        String[] names = Path.of("/proc/" + process.pid(), folder).toFile().list();
        return names == null ? 0 : names.length;
    }

    /** Loaders of bundles that are alive after a collection. */
    public int bundleLoaders() {
        return instances("org.apache.felix.framework.BundleWiringImpl$BundleClassLoader");
    }

    /** What the framework keeps of bundles, after a collection: one for each that is installed, and what is left of those that were. */
    public int bundleObjects() {
        return instances("org.apache.felix.framework.BundleImpl");
    }

    /** Entries of the framework's table of who uses which service, after a collection. */
    public int serviceUses() {
        return instances("org.apache.felix.framework.ServiceRegistry$UsageCount");
    }

    /** All that lives in its heap, after a collection. */
    public long livingBytes() {
        return histogram().filter(columns -> columns[0].equals("Total")).mapToLong(columns -> Long.parseLong(columns[2])).findFirst().orElseThrow();
    }

    private int instances(String type) {
        return histogram().filter(columns -> columns.length > 3 && columns[3].equals(type)).mapToInt(columns -> Integer.parseInt(columns[1]))
            .findFirst().orElse(0);
    }

    /** The columns of each line: a rank, instances, bytes and the class; at the end {@code Total}, instances and bytes. */
    private Stream<String[]> histogram() {
        return tool(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(process.pid()), "GC.class_histogram").lines()
            .map(l -> l.strip().split("\\s+"));
    }

    private static String tool(String... command) {
        try {
            Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (tool.waitFor() != 0) {
                throw new AssertionError(List.of(command) + ": " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        try {
            String address = Files.readString(home.resolve("state/admin.address")).strip();
            String token = Files.readString(home.resolve("state/admin.token")).strip();
            return HttpRequest.newBuilder(URI.create("http://" + address + path)).timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + token);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What it wrote on standard error. */
    public String errors() {
        return read("err.log");
    }

    /** Its access records so far, one JSON object a line; that of a connection which has just ended may be a little late, and is awaited. */
    public String accessLog() {
        return read("state/access.log");
    }

    private String read(String name) {
        try {
            Path file = home.resolve(name);
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its process. */
    public Process process() {
        return process;
    }

    /** Resident memory in bytes (proc(5)). */
    public long residentBytes() {
        return memory("VmRSS:");
    }

    /** The most that it has been. */
    public long highestResidentBytes() {
        return memory("VmHWM:");
    }

    private long memory(String field) {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream().filter(l -> l.startsWith(field))
                .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) * 1024).findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for its end. */
    public int awaitExit() {
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the appliance did not stop\n" + errors());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        awaitExit();
    }
}
