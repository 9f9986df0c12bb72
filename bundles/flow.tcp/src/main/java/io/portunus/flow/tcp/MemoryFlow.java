// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.LiveFlow;
import io.portunus.model.Prelude;
import io.portunus.model.Route;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A flow's entry that writes down what it is told, and connects to one target in memory. Confined to one thread. */
final class MemoryFlow implements LiveFlow {
    /** What the target does. */
    enum Target {
        ANSWERS, REFUSES, HANGS
    }

    final List<CloseReason> closed = new ArrayList<>();
    final Map<String, Inspection> inspections = new HashMap<>();
    Target targets = Target.ANSWERS;
    boolean refusesPeeks;
    int peeks;
    int attempts;
    int cancelled;
    int dnsFailures;
    int connectFailures;
    long in;
    long out;
    private final MemoryStream target;
    private EndRequest end = reason -> { };
    private Runnable answer = () -> { };

    MemoryFlow(MemoryStream target) {
        this.target = target;
    }

    void end(CloseReason reason) {
        end.end(reason);
    }

    /** A target that hung answers now. */
    void answer() {
        answer.run();
    }

    @Override
    public long id() {
        return 1;
    }

    @Override
    public void onEnd(EndRequest request) {
        end = request;
    }

    @Override
    public boolean beginPeek() {
        peeks += refusesPeeks ? 0 : 1;
        return !refusesPeeks;
    }

    @Override
    public Optional<Inspection> inspect(String kind) {
        return Optional.ofNullable(inspections.get(kind));
    }

    @Override
    public void endPeek() {
        peeks--;
    }

    @Override
    public void inspected(Prelude prelude) {
        // Routing is looked at by where the bytes go.
    }

    @Override
    public void routed(Route route) {
        // The same.
    }

    @Override
    public void dnsFailed() {
        dnsFailures++;
    }

    @Override
    public void connectFailed() {
        connectFailures++;
    }

    @Override
    public Cancellable connect(InetSocketAddress endpoint, ConnectListener done) {
        attempts++;
        answer = () -> done.connected(target);
        switch (targets) {
            case ANSWERS -> answer.run();
            case REFUSES -> done.failed(new IOException("refused"));
            case HANGS -> { }
        }
        return () -> cancelled++;
    }

    @Override
    public void connected(InetSocketAddress endpoint) {
        // The same.
    }

    @Override
    public void movedIn(int bytes) {
        in += bytes;
    }

    @Override
    public void movedOut(int bytes) {
        out += bytes;
    }

    @Override
    public void closed(CloseReason reason) {
        closed.add(reason);
    }
}
