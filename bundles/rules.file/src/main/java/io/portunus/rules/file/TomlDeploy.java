// SPDX-License-Identifier: Apache-2.0
package io.portunus.rules.file;

import io.portunus.model.ProblemCode;
import io.portunus.rules.file.ParsedConfig.DeploySettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads {@code [deploy]}; what is absent or wrong reads as its default. */
final class TomlDeploy {
    /** Most files of {@code signers}. */
    static final int MAX_SIGNERS = 64;

    private static final DeploySettings DEFAULTS = new DeploySettings(false, List.of(), Duration.ofSeconds(10), 3);
    private static final ListShape SIGNERS = new ListShape(0, MAX_SIGNERS, "[\"/etc/portunus/signer.pem\"]");
    private static final TimeBounds BAKE = TimeBounds.of("0s", "10m");
    private static final int MIN_VERSIONS = 2;
    private static final int MAX_VERSIONS = 8;

    private TomlDeploy() {
    }

    /** Reads the table. */
    static DeploySettings read(TomlSection top) {
        return top.section("deploy").map(TomlDeploy::table).orElse(DEFAULTS);
    }

    private static DeploySettings table(TomlSection deploy) {
        deploy.checkKeys("deploy");
        boolean requireSigned = deploy.flag("require_signed").orElse(DEFAULTS.requireSigned());
        Optional<List<String>> signers = deploy.list("signers", SIGNERS, TomlDeploy::signer);
        boolean none = !deploy.has("signers") || signers.filter(List::isEmpty).isPresent();
        if (requireSigned && none) {
            deploy.problem(ProblemCode.MISSING_KEY, "signers", "require_signed takes no bundle while there is no signer; add signers = "
                + "[\"/etc/portunus/signer.pem\"], or leave require_signed out");
        }
        Duration bake = deploy.time("bake", BAKE).orElse(DEFAULTS.bake());
        long versions = deploy.number("max_versions", MIN_VERSIONS, MAX_VERSIONS, ProblemCode.INVALID_VALUE).orElse((long) DEFAULTS.maxVersions());
        return new DeploySettings(requireSigned, signers.orElse(List.of()), bake, (int) versions);
    }

    private static String signer(String path) {
        if (!isAbsolutePath(path)) {
            throw new IllegalArgumentException(TomlSection.echo(path) + " is not an absolute path; write the path of a PEM file from the root on");
        }
        return path;
    }

    /** Whether the text is a path that does not depend on the folder where the process was started. */
    static boolean isAbsolutePath(String text) {
        try {
            return text.chars().noneMatch(Character::isISOControl) && Path.of(text).isAbsolute();
        } catch (InvalidPathException noPath) {
            return false;
        }
    }
}
