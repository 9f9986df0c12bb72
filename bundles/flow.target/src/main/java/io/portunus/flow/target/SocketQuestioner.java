// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.target;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.NameAnswer;
import io.portunus.flow.spi.NameService;
import io.portunus.model.IpLiterals;
import io.portunus.model.Probe.Ask.OfDatagrams;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Asks over sockets: the addresses of the target one after the other until one takes the connection, as a flow would. Thread-safe: it has
 * no state.
 */
final class SocketQuestioner implements Questioner {
    private final Supplier<NameService> names;
    private final LongSupplier nanos;
    private final Question question;
    private final DatagramQuestion datagrams;

    SocketQuestioner(Supplier<NameService> names, Environment environment) {
        this.names = names;
        this.nanos = environment.nanos();
        this.question = new Question(environment.chance());
        this.datagrams = new DatagramQuestion(environment);
    }

    @Override
    public ProbeResult ask(ProbePlan plan) throws InterruptedException {
        long deadline = nanos.getAsLong() + plan.probe().timeout().toNanos();
        Optional<InetAddress> literal = IpLiterals.parse(plan.host());
        if (literal.isPresent()) {
            return reach(plan, List.of(literal.get()), deadline);
        }
        NameAnswer answer;
        try {
            answer = resolve(plan.host(), deadline);
        } catch (TimeoutException e) {
            return ProbeResult.bad(NameAnswer.Problem.TIMEOUT.code());
        }
        if (answer.usable()) {
            return reach(plan, Endpoints.inTurn(answer, plan.ipv6First(), 0), deadline);
        }
        return NoNames.counts(answer) ? ProbeResult.bad(NoNames.reason(answer)) : ProbeResult.unasked(NoNames.reason(answer));
    }

    @Override
    public Optional<NameAnswer> hosts(ProbePlan plan) throws InterruptedException {
        try {
            return Optional.of(resolve(plan.host(), nanos.getAsLong() + plan.probe().timeout().toNanos()));
        } catch (TimeoutException e) {
            return Optional.empty();
        }
    }

    private NameAnswer resolve(String name, long deadline) throws InterruptedException, TimeoutException {
        CompletableFuture<NameAnswer> answer = new CompletableFuture<>();
        Cancellable lookup = names.get().resolve(name, Runnable::run, answer::complete);
        try {
            return answer.get(deadline - nanos.getAsLong(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        } finally {
            lookup.cancel();
        }
    }

    private ProbeResult reach(ProbePlan plan, List<InetAddress> addresses, long deadline) {
        return plan.probe().ask() instanceof OfDatagrams ask ? datagrams.put(ask, plan, addresses, deadline) : connect(plan, addresses, deadline);
    }

    private ProbeResult connect(ProbePlan plan, List<InetAddress> addresses, long deadline) {
        ProbeResult last = ProbeResult.UNREACHABLE;
        for (int i = 0; i < addresses.size(); i++) {
            InetSocketAddress endpoint = new InetSocketAddress(addresses.get(i), plan.port());
            try {
                Conversation open = Conversation.open(endpoint, plan.source(), nanos, deadline, addresses.size() - i);
                return converse(open, plan);
            } catch (SocketTimeoutException e) {
                last = ProbeResult.TIMEOUT;
            } catch (ConnectException e) {
                last = ProbeResult.REFUSED;
            } catch (IOException e) {
                last = ProbeResult.UNREACHABLE;
            }
        }
        return last;
    }

    private ProbeResult converse(Conversation open, ProbePlan plan) throws IOException {
        try (open) {
            return question.put(open, plan);
        }
    }
}
