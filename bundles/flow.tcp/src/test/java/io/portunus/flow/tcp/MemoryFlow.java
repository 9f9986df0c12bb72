// SPDX-License-Identifier: Apache-2.0
package io.portunus.flow.tcp;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.LiveFlow;
import io.portunus.model.Prelude;
import io.portunus.model.Route;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** An entry that writes down what it is told. */
final class MemoryFlow implements LiveFlow {
    final List<CloseReason> closed = new ArrayList<>();
    int peeks;
    int connectFailures;
    long in;
    long out;
    boolean refusesPeeks;
    private EndRequest end = reason -> { };

    void end(CloseReason reason) {
        end.end(reason);
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
        // No names are looked up in memory.
    }

    @Override
    public void connectFailed() {
        connectFailures++;
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
