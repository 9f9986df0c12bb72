// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import io.portunus.node.api.Actor;
import io.portunus.node.api.BundleControl;
import io.portunus.node.api.DeployCode;
import io.portunus.node.api.Deployment;
import io.portunus.node.api.OwnFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Upgrades by the jars that are dropped into a folder. Looks are made by one thread, which {@link #start} starts. */
final class Inbox implements AutoCloseable {
    /** Jars that one look takes note of; the others wait. */
    static final int MAX_JARS = 64;
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    /** What a jar is called while it is tried, after its name. */
    private static final String TRYING = ".trying";
    private static final long LOOK_MILLIS = 500;
    private static final Duration END_WAIT = Duration.ofSeconds(5);
    private final Path folder;
    private final BundleControl control;
    private final BooleanSupplier ready;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = Thread.ofPlatform().daemon().name("deploy-inbox").unstarted(this::watch);
    private Map<Path, String> seen = Map.of();
    /** What was last logged of the folder; empty once it could be looked at. */
    private String complaint = "";

    /**
     * Makes the folder. One that is not to be believed is logged, and looked at again until it is.
     *
     * @param ready whether the node has started: before, what serves looks as if it could not be replaced
     */
    Inbox(Path folder, BundleControl control, BooleanSupplier ready) {
        this.ready = ready;
        this.folder = folder;
        this.control = control;
        try {
            OwnFile.folder(folder);
            refuseTried();
        } catch (IOException e) {
            complain(e);
        }
    }

    void start() {
        thread.start();
    }

    private void watch() {
        try {
            while (!stop.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (ready.getAsBoolean()) {
                    look();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A jar that is the same at two looks is whole, and taken. */
    void look() {
        try {
            OwnFile.folder(folder);
            Map<Path, String> now = new HashMap<>();
            for (Path jar : jars()) {
                String stamp = Files.size(jar) + " " + Files.getLastModifiedTime(jar);
                if (stamp.equals(seen.get(jar))) {
                    take(jar);
                } else {
                    now.put(jar, stamp);
                }
            }
            seen = now;
            complaint = "";
        } catch (IOException | RuntimeException lastResort) {
            complain(lastResort);
        }
    }

    private void complain(Exception trouble) {
        String now = trouble.toString();
        if (!now.equals(complaint)) {
            LOG.atError().addKeyValue("event", "deploy.folder_unreadable").addKeyValue("folder", folder).addKeyValue("reason", trouble.getMessage())
                .log("no jar is taken from it until this is mended");
            complaint = now;
        }
    }

    private List<Path> jars() throws IOException {
        List<Path> found = new ArrayList<>();
        try (var files = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path file : files) {
                if (!file.getFileName().toString().startsWith(".") && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    found.add(file);
                }
            }
        }
        return found.stream().sorted().limit(MAX_JARS).toList();
    }

    /**
     * Moves it aside before it is tried: should the process end meanwhile, the next start finds it there and does not try it again.
     */
    private void take(Path jar) throws IOException {
        Optional<String> untrusted = OwnFile.complaint(jar);
        if (untrusted.isPresent()) {
            LOG.atWarn().addKeyValue("event", "deploy.jar_untrusted").addKeyValue("jar", jar).addKeyValue("reason", untrusted.get())
                .log("the jar is not taken");
            refuse(jar, jar, List.of(Problem.of(DeployCode.UNTRUSTED, "", untrusted.get())));
            return;
        }
        Path trying = jar.resolveSibling(jar.getFileName() + TRYING);
        Files.move(jar, trying, StandardCopyOption.ATOMIC_MOVE);
        JarStore.sync(folder);
        Deployment result = control.upgrade(trying, new Actor("folder", jar.getFileName().toString()), Optional.empty(), Set.of());
        if (result.done()) {
            Files.deleteIfExists(trying);
        } else if (result.problems().stream().noneMatch(problem -> problem.code().equals(ProblemCode.BUSY))) {
            refuse(trying, jar, result.problems());
        } else if (Files.exists(jar, LinkOption.NOFOLLOW_LINKS)) {
            // Another of its name has come meanwhile, and is the one to take.
            Files.delete(trying);
        } else {
            // It has to wait, and is as new at the next look.
            Files.move(trying, jar, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Refuses what the process that ran before was trying when it ended. */
    private void refuseTried() throws IOException {
        List<Path> tried = new ArrayList<>();
        try (var files = Files.newDirectoryStream(folder, "*.jar" + TRYING)) {
            files.forEach(tried::add);
        }
        for (Path trying : tried) {
            String name = trying.getFileName().toString();
            Path jar = trying.resolveSibling(name.substring(0, name.length() - TRYING.length()));
            Problem problem = Problem.of(DeployCode.ENDED_PROCESS, "", "The process ended while this jar was tried, so it is not tried again by"
                + " itself. If that was not the jar's doing, give it its name back.");
            LOG.atError().addKeyValue("event", "deploy.jar_ended_process").addKeyValue("jar", jar).log(problem.text());
            refuse(trying, jar, List.of(problem));
        }
    }

    /**
     * Puts it aside with the reasons.
     *
     * @param from what it is called now
     * @param jar what it was called
     */
    private static void refuse(Path from, Path jar, List<Problem> problems) throws IOException {
        Path refused = jar.resolveSibling(jar.getFileName() + ".refused");
        OwnFile.replace(jar.resolveSibling(refused.getFileName() + ".txt"), text(problems).getBytes(StandardCharsets.UTF_8), "rw-r--r--");
        Files.move(from, refused, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String text(List<Problem> problems) {
        return problems.stream().map(Inbox::line).collect(Collectors.joining());
    }

    private static String line(Problem problem) {
        return problem.code().code() + ": " + problem.text() + System.lineSeparator();
    }

    @Override
    public void close() {
        stop.countDown();
        thread.interrupt();
        try {
            // One that was never started has nothing to end.
            if (thread.getState() != Thread.State.NEW && !thread.join(END_WAIT)) {
                LOG.atWarn().addKeyValue("event", "bundle.stuck").log("an upgrade does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
