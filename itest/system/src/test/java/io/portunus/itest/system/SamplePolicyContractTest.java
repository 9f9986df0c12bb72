// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.system;

import io.portunus.flow.spi.Policy;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.itest.contracts.PolicyContract;
import io.portunus.model.Governance;
import io.portunus.model.Match;
import io.portunus.model.PolicySettings;
import io.portunus.model.PortRange;
import io.portunus.model.Rule;
import io.portunus.model.TargetAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The sample policy holds to the contract of policies; each version of it has classes of its own, as in a node. */
class SamplePolicyContractTest extends PolicyContract {
    private static final int PLACES = 3;

    SamplePolicyContractTest() {
        super(() -> made("CrowdPolicy", Policy.class), made("CrowdSelfCheck", SelfCheck.class), limited(), PLACES);
    }

    /** The jar, built once. */
    private static final class Jar {
        static final URL BUILT = build();

        private static URL build() {
            try {
                Path folder = Files.createTempDirectory(Path.of("target"), "crowd");
                return SampleBundle.crowd(folder.toAbsolutePath(), "1.0.0").toUri().toURL();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Rule limited() {
        return Rule.of(1, "limited", List.of(PortRange.of(1)), Match.ANY, TargetAddress.parse("127.0.0.1:1")).withGovernance(
            new Governance(Optional.empty(), Map.of(), Map.of("crowd", new PolicySettings(Map.of("flows", (long) PLACES)))));
    }

    private static <T> T made(String type, Class<T> contract) {
        try {
            // Left open: what it made is used until the test is over.
            URLClassLoader loader = new URLClassLoader(new URL[] {Jar.BUILT}, SamplePolicyContractTest.class.getClassLoader());
            Constructor<?> constructor = loader.loadClass("com.example.crowd." + type).getDeclaredConstructor();
            constructor.setAccessible(true);
            return contract.cast(constructor.newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
