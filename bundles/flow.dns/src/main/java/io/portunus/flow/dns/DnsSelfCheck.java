// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.NameAnswer;
import io.portunus.flow.spi.SelfCheck;
import io.portunus.model.Problem;
import io.portunus.model.SocketAddresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Looks a name up on the way that all names go, from a server on the loopback interface. Takes milliseconds, seconds when it fails. Thread-safe:
 * it has no state.
 */
@Component(service = SelfCheck.class)
public final class DnsSelfCheck implements SelfCheck {
    /** Never anybody's name, RFC 6761 §6.4. */
    private static final String NAME = "self-check.portunus.invalid";
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** Needs nothing and has no configuration. */
    @Activate
    public DnsSelfCheck() {
    }

    @Override
    public List<Problem> run() {
        try (SampleServer server = new SampleServer(); DnsLoop loop = new DnsLoop()) {
            NameAnswer answer = ask(loop, server.address());
            boolean right = answer.ipv4().equals(List.of(SampleServer.IPV4)) && answer.ipv6().equals(List.of(SampleServer.IPV6))
                && answer.server().equals(SocketAddresses.text(server.address()));
            return right ? List.of() : List.of(problem("A known answer was read as " + answer + "."));
        } catch (IOException | ExecutionException | TimeoutException e) {
            return List.of(problem("No answer from a server on the loopback interface: " + e + "."));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of(problem("The self-check was interrupted."));
        }
    }

    private static NameAnswer ask(DnsLoop loop, InetSocketAddress server) throws InterruptedException, ExecutionException, TimeoutException {
        InstantSource clock = InstantSource.system();
        DnsSettings settings = new DnsSettings(List.of(server), TIMEOUT, TIMEOUT, TIMEOUT, TIMEOUT, TIMEOUT, 1, 1);
        Names names = new Names(loop, loop, SystemNames.ofThisMachine(clock), clock, new SecureRandom(), settings);
        CompletableFuture<NameAnswer> answer = new CompletableFuture<>();
        names.resolve(NAME, Runnable::run, answer::complete);
        return answer.get(2 * TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Problem problem(String text) {
        return Problem.of(SelfCheck.FAILED, "", text);
    }
}
