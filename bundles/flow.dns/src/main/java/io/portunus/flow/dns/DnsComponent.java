// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.Handover;
import io.portunus.flow.spi.NameAnswer;
import io.portunus.flow.spi.NameService;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;

/** Wires {@link Names} to its thread and to the configuration. Thread-safe. Immediate, so that nothing is forgotten while nobody holds it. */
@Component(service = {NameService.class, Handover.class}, immediate = true, configurationPid = DnsConfig.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = DnsConfig.class)
public final class DnsComponent implements NameService, Handover {
    private final DnsLoop loop;
    private final Names names;
    private final CacheState state;

    /** Starts the thread and asks nothing. */
    @Activate
    public DnsComponent(DnsConfig config) {
        DnsSettings settings = DnsSettings.of(config);
        InstantSource clock = InstantSource.system();
        loop = new DnsLoop();
        names = new Names(loop, loop, SystemNames.ofThisMachine(clock), clock, new SecureRandom(), settings);
        state = new CacheState(names, loop);
    }

    /** What is not allowed is refused as a whole, and the settings stay what they were. */
    @Modified
    void modified(DnsConfig config) {
        names.settings(DnsSettings.of(config));
    }

    @Deactivate
    void deactivate() {
        names.close();
        loop.close();
    }

    @Override
    public Cancellable resolve(String name, Executor on, Consumer<NameAnswer> answer) {
        return names.resolve(name, on, answer);
    }

    @Override
    public Optional<NameAnswer> known(String name) {
        return names.known(name);
    }

    @Override
    public void keep(Set<String> wanted) {
        names.keep(wanted);
    }

    @Override
    public Map<String, Object> give() {
        return state.give();
    }

    @Override
    public void take(Map<String, Object> given) {
        state.take(given);
    }
}
