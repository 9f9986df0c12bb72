// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.dns;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.NameAnswer.Problem;
import io.portunus.model.SocketAddresses;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/**
 * Asks for the records of one kind, server after server. A server that fails is asked no more; one that is silent is overtaken by the
 * next, and its answer counts even if it comes late. Confined to the thread of the resolver.
 */
final class FamilyQuery<T> {
    /** What fits through any path in one datagram (DNS flag day 2020). */
    private static final int UDP_PAYLOAD = 1232;
    /** 16 bits that nobody can guess, RFC 5452 §9.2. */
    private static final int IDS = 1 << 16;
    private final Asking asking;
    private final Wanted<T> wanted;
    private final Consumer<FamilyAnswer<T>> done;
    private final List<InetSocketAddress> order;
    private final Set<InetSocketAddress> failed = new HashSet<>();
    /** At most {@link Asking#attempts} for one name, and one more for each server without EDNS. */
    private final List<Cancellable> open = new ArrayList<>();
    private Name name;
    private long ttlSeconds = Integer.MAX_VALUE;
    private int aliases;
    private int asked;
    private int next;
    private boolean over;
    private Optional<Problem> problem = Optional.empty();
    private Cancellable patience = () -> { };

    FamilyQuery(Asking asking, Name name, Wanted<T> wanted, Consumer<FamilyAnswer<T>> done) {
        this.asking = asking;
        this.name = name;
        this.wanted = wanted;
        this.done = done;
        this.order = asking.servers().order(asking.listed());
    }

    void begin() {
        attempt();
    }

    private void attempt() {
        patience.cancel();
        if (failed.containsAll(order)) {
            end(FamilyAnswer.failed(problem.orElse(Problem.OTHER)));
            return;
        }
        if (asked == asking.attempts()) {
            return;
        }
        asked++;
        InetSocketAddress server = order.get(next++ % order.size());
        while (failed.contains(server)) {
            server = order.get(next++ % order.size());
        }
        ask(server, true);
    }

    private void ask(InetSocketAddress server, boolean edns) {
        Message query = query(edns);
        open.add(asking.exchange().ask(server, query, reply -> replied(server, reply, edns)));
        patience = asking.timers().after(asking.attempt(), () -> silent(server));
    }

    private Message query(boolean edns) {
        Message query = new Message(asking.random().nextInt(IDS));
        query.getHeader().setFlag(Flags.RD);
        query.addRecord(Record.newRecord(name, wanted.type(), DClass.IN), Section.QUESTION);
        if (edns) {
            query.addRecord(new OPTRecord(UDP_PAYLOAD, 0, 0), Section.ADDITIONAL);
        }
        return query;
    }

    private void silent(InetSocketAddress server) {
        asking.servers().silent(server);
        if (asked == asking.attempts() && !asking.persistent()) {
            expire();
        } else {
            attempt();
        }
    }

    private void replied(InetSocketAddress server, Exchange.Reply reply, boolean edns) {
        switch (reply) {
            case Exchange.Reply.Unreachable _ -> failed(server, Problem.OTHER);
            case Exchange.Reply.Answer(Message message) -> {
                asking.servers().answered(server);
                int rcode = message.getRcode();
                if (edns && (rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP || rcode == Rcode.BADVERS)) {
                    patience.cancel();
                    ask(server, false);
                } else {
                    read(server, AnswerReader.read(message, name, wanted, ttlSeconds));
                }
            }
        }
    }

    private void read(InetSocketAddress server, AnswerReader.Reading<T> reading) {
        switch (reading) {
            case AnswerReader.Reading.Known<T>(FamilyAnswer<T> answer) when answer.is(FamilyAnswer.Kind.FAILED) -> failed(server, answer.problem());
            case AnswerReader.Reading.Known<T>(FamilyAnswer<T> answer) ->
                end(asking.denied().without(name, answer.from(SocketAddresses.text(server))));
            case AnswerReader.Reading.Alias<T>(Name target, long ttl) -> follow(server, target, ttl);
        }
    }

    private void follow(InetSocketAddress server, Name target, long ttl) {
        if (++aliases > AnswerReader.MAX_ALIASES) {
            end(FamilyAnswer.failed(Problem.SERVFAIL));
            return;
        }
        closeAll();
        name = target;
        ttlSeconds = ttl;
        asked = 0;
        next = order.indexOf(server);
        attempt();
    }

    private void failed(InetSocketAddress server, Problem why) {
        failed.add(server);
        problem = Optional.of(why);
        attempt();
    }

    /** The time is over. */
    void expire() {
        if (!over) {
            end(FamilyAnswer.failed(problem.orElse(Problem.TIMEOUT)));
        }
    }

    /** Asks no more and calls nobody. */
    void cancel() {
        over = true;
        patience.cancel();
        closeAll();
    }

    private void closeAll() {
        open.forEach(Cancellable::cancel);
        open.clear();
    }

    private void end(FamilyAnswer<T> answer) {
        cancel();
        done.accept(answer);
    }
}
