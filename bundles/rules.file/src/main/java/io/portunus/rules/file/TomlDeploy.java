// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.ProblemCode;
import io.portunus.rules.file.ParsedConfig.DeploySettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tomlj.TomlArray;

/** Reads {@code [deploy]}; what is absent or wrong reads as its default. */
final class TomlDeploy {
    /** Most files of {@code signers}. */
    static final int MAX_SIGNERS = 64;

    private static final DeploySettings DEFAULTS = new DeploySettings(false, List.of(), Duration.ofSeconds(10), 3);
    private static final Duration MAX_BAKE = Duration.ofMinutes(10);
    private static final int MIN_VERSIONS = 2;
    private static final int MAX_VERSIONS = 8;
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m)");

    private TomlDeploy() {
    }

    /** Reads the table. */
    static DeploySettings read(TomlSection top) {
        return top.section("deploy").map(TomlDeploy::table).orElse(DEFAULTS);
    }

    private static DeploySettings table(TomlSection deploy) {
        deploy.checkKeys("deploy");
        boolean requireSigned = deploy.flag("require_signed").orElse(DEFAULTS.requireSigned());
        Optional<TomlArray> signers = deploy.value("signers", TomlArray.class, "an array of paths, [\"/etc/portunus/signer.pem\"]");
        boolean none = !deploy.has("signers") || signers.filter(TomlArray::isEmpty).isPresent();
        if (requireSigned && none) {
            deploy.problem(ProblemCode.MISSING_KEY, "signers", "require_signed takes no bundle while there is no signer; add signers = "
                + "[\"/etc/portunus/signer.pem\"], or leave require_signed out");
        }
        Duration bake = deploy.string("bake").flatMap(text -> bake(deploy, text)).orElse(DEFAULTS.bake());
        long versions = deploy.number("max_versions", MIN_VERSIONS, MAX_VERSIONS, ProblemCode.INVALID_VALUE).orElse((long) DEFAULTS.maxVersions());
        return new DeploySettings(requireSigned, signers.map(array -> signers(deploy, array)).orElse(List.of()), bake, (int) versions);
    }

    private static List<String> signers(TomlSection deploy, TomlArray array) {
        if (array.size() > MAX_SIGNERS) {
            deploy.problem(ProblemCode.INVALID_VALUE, "signers", "the list has " + array.size() + " entries; write at most " + MAX_SIGNERS);
            return List.of();
        }
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            Object value = array.get(i);
            if (!(value instanceof String)) {
                deploy.elementProblem(ProblemCode.WRONG_TYPE, "signers", array, i, "the value is " + TomlSection.typeOf(value)
                    + "; write the path of a PEM file in quotes");
            } else if (!isAbsolutePath(value.toString())) {
                deploy.elementProblem(ProblemCode.INVALID_VALUE, "signers", array, i, TomlSection.echo(value.toString())
                    + " is not an absolute path; write the path of a PEM file from the root on");
            } else {
                paths.add(value.toString());
            }
        }
        return paths;
    }

    /** Whether the text is a path that does not depend on the folder where the process was started. */
    static boolean isAbsolutePath(String text) {
        try {
            return text.chars().noneMatch(Character::isISOControl) && Path.of(text).isAbsolute();
        } catch (InvalidPathException noPath) {
            return false;
        }
    }

    private static Optional<Duration> bake(TomlSection deploy, String text) {
        Optional<Duration> duration = duration(text).filter(d -> d.compareTo(MAX_BAKE) <= 0);
        if (duration.isEmpty()) {
            deploy.problem(ProblemCode.INVALID_VALUE, "bake", TomlSection.echo(text)
                + " is not a time from 0s to 10m; write a whole number and ms, s or m, \"10s\"");
        }
        return duration;
    }

    private static Optional<Duration> duration(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(parts.group(1));
        return Optional.of(switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            default -> Duration.ofMinutes(number);
        });
    }
}
