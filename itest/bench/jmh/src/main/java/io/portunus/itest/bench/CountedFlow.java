// SPDX-License-Identifier: Apache-2.0
package io.portunus.itest.bench;

import io.portunus.flow.api.CloseReason;
import io.portunus.flow.spi.Addresses;
import io.portunus.flow.spi.Budget;
import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.ConnectListener;
import io.portunus.flow.spi.ConnectSpec;
import io.portunus.flow.spi.DeclaredOrigin;
import io.portunus.flow.spi.Filtering;
import io.portunus.flow.spi.Inspection;
import io.portunus.flow.spi.LayerRequest;
import io.portunus.flow.spi.SecureListener;
import io.portunus.flow.spi.Stream;
import io.portunus.flow.spi.StreamFlow;
import io.portunus.flow.spi.TargetSelection;
import io.portunus.model.Prelude;
import io.portunus.model.Route;
import io.portunus.model.Target;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** A flow's entry that counts its bytes and is connected at once. */
final class CountedFlow implements StreamFlow {
    private final Stream target;
    private long in;
    private long out;

    CountedFlow(Stream target) {
        this.target = target;
    }

    long in() {
        return in;
    }

    @Override
    public long id() {
        return 1;
    }

    @Override
    public void onEnd(EndRequest request) {
        // Nobody ends it.
    }

    @Override
    public void run(Runnable step) {
        step.run();
    }

    @Override
    public Cancellable after(Duration delay, Runnable step) {
        return target.loop().after(delay, step);
    }

    @Override
    public boolean beginPeek() {
        return true;
    }

    @Override
    public boolean keep(int bytes) {
        return true;
    }

    @Override
    public boolean maySpill() {
        return true;
    }

    @Override
    public void spilled(int more) {
        // Nobody else needs the memory.
    }

    @Override
    public Optional<Inspection> inspect(String kind) {
        return Optional.empty();
    }

    @Override
    public void endPeek() {
        // Nothing is inspected.
    }

    @Override
    public void inspected(Prelude prelude) {
        // The same.
    }

    @Override
    public void routed(Route route) {
        // There is one target.
    }

    @Override
    public Optional<Filtering> filter(String kind) {
        return Optional.empty();
    }

    @Override
    public void declared(DeclaredOrigin origin) {
        throw new AssertionError("nobody tells");
    }

    @Override
    public Addresses addresses() {
        return new Addresses(target.peer(), target.local());
    }

    @Override
    public Optional<CloseReason> admit() {
        return Optional.empty();
    }

    @Override
    public Budget budgetIn() {
        return Budget.UNLIMITED;
    }

    @Override
    public Budget budgetOut() {
        return Budget.UNLIMITED;
    }

    @Override
    public Optional<TargetSelection> select(Route route) {
        return Optional.of(new OneTarget(route.targets().getFirst(), target.peer()));
    }

    @Override
    public Optional<byte[]> header(String kind, Target to) {
        return Optional.empty();
    }

    @Override
    public void dnsFailed() {
        // There is no name.
    }

    @Override
    public void connectFailed() {
        // It never does.
    }

    @Override
    public Cancellable connect(ConnectSpec endpoint, ConnectListener done) {
        done.connected(target);
        return () -> { };
    }

    @Override
    public Optional<Cancellable> secure(LayerRequest request, SecureListener done) {
        return Optional.empty();
    }

    @Override
    public void connected(Target taken, InetSocketAddress endpoint) {
        // Known.
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
        throw new AssertionError("the flow ended: " + reason);
    }
}
