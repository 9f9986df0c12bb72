// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import static org.assertj.core.api.Assertions.assertThat;

import io.portunus.model.Problem;
import io.portunus.model.ProblemCode;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.slf4j.helpers.NOPLogger;

class ComponentFailuresTest {
    private static final String TRACE = """
        java.lang.reflect.InvocationTargetException
        \tat some.where(Some.java:1)
        Caused by: java.lang.IllegalArgumentException: min.ttl.ms: 1000..3600000, not 7200000
        \tat some.where.else(Else.java:2)
        """;

    private final List<ComponentConfigurationDTO> configurations = new ArrayList<>();
    private final ComponentDescriptionDTO component = new ComponentDescriptionDTO();
    private final List<Bundle> asked = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private final ComponentFailures check = new ComponentFailures(runtime(), () -> new Bundle[] {bundle("io.portunus.flow.dns"), bundle("org.other")},
        () -> now, NOPLogger.NOP_LOGGER);

    private static Bundle bundle(String name) {
        Class<?>[] type = {Bundle.class};
        return (Bundle) Proxy.newProxyInstance(Bundle.class.getClassLoader(), type, (_, method, _) -> switch (method.getName()) {
            case "getSymbolicName" -> name;
            default -> throw new AssertionError(method);
        });
    }

    private ServiceComponentRuntime runtime() {
        return (ServiceComponentRuntime) Proxy.newProxyInstance(ServiceComponentRuntime.class.getClassLoader(),
            new Class<?>[] {ServiceComponentRuntime.class}, (_, method, given) -> switch (method.getName()) {
                case "getComponentDescriptionDTOs" -> descriptions((Bundle[]) given[0]);
                case "getComponentConfigurationDTOs" -> List.copyOf(configurations);
                default -> throw new AssertionError(method);
            });
    }

    private Collection<ComponentDescriptionDTO> descriptions(Bundle[] of) {
        asked.addAll(List.of(of));
        return List.of(component);
    }

    private static ComponentConfigurationDTO in(int state, String failure) {
        ComponentConfigurationDTO configuration = new ComponentConfigurationDTO();
        configuration.state = state;
        configuration.failure = failure;
        return configuration;
    }

    @BeforeEach
    void describe() {
        component.name = "io.portunus.flow.dns.DnsComponent";
        component.configurationPid = new String[] {"io.portunus.dns"};
    }

    @Test
    void reportsWhichComponentOfOursFailedAndWhy() {
        configurations.add(in(ComponentConfigurationDTO.FAILED_ACTIVATION, TRACE));

        List<Problem> problems = check.problems();

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(ProblemCode.COMPONENT_FAILED);
            assertThat(problem.path()).isEqualTo("dns");
            assertThat(problem.text()).contains("io.portunus.flow.dns.DnsComponent", "(min.ttl.ms: 1000..3600000, not 7200000)", "; ");
        });
        assertThat(asked).extracting(Bundle::getSymbolicName).containsExactly("io.portunus.flow.dns");
    }

    @Test
    void aComponentThatWaitsForSomethingHasNotFailed() {
        configurations.add(in(ComponentConfigurationDTO.UNSATISFIED_REFERENCE, ""));
        configurations.add(in(ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION, ""));
        configurations.add(in(ComponentConfigurationDTO.ACTIVE, ""));

        assertThat(check.problems()).isEmpty();
    }

    @Test
    void oneWithoutAConfigurationOfOursGoesByItsNameAndOneWithoutAMessageByTheFault() {
        component.configurationPid = new String[] {component.name};
        configurations.add(in(ComponentConfigurationDTO.FAILED_ACTIVATION, "java.lang.NullPointerException\n\tat some.where(Some.java:1)"));

        assertThat(check.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo(component.name);
            assertThat(problem.text()).contains("java.lang.NullPointerException").doesNotContain("Some.java");
        });
    }

    @Test
    void isReadyAgainOnceTheComponentRuns() {
        configurations.add(in(ComponentConfigurationDTO.FAILED_ACTIVATION, TRACE));
        assertThat(check.problems()).hasSize(1);

        configurations.clear();
        assertThat(check.problems()).as("asked again at once").hasSize(1);
        now = now.plus(Duration.ofSeconds(1));

        assertThat(check.problems()).isEmpty();
    }
}
