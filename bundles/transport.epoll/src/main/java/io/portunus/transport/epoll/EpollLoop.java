// SPDX-License-Identifier: Apache-2.0
package io.portunus.transport.epoll;

import io.portunus.flow.spi.Cancellable;
import io.portunus.flow.spi.EventLoop;
import io.portunus.linux.api.Libc;
import io.portunus.linux.api.SocketLibc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that waits by epoll(7). Thread-safe are {@link #inside}, {@link #execute}, {@link #after}, {@link #calls}, {@link #newCalls},
 * {@link #retire} and {@link #stop}; all else is confined to the thread. Tasks wait in a queue without a bound of its own: they come from
 * flows and from the engine, whose numbers are bounded. A loop that was retired ends once it has neither sockets nor timers nor tasks; what
 * comes later is rejected.
 */
final class EpollLoop implements EventLoop {
    private static final Logger LOG = LoggerFactory.getLogger(EpollLoop.class);
    /** Events that one call brings; more wait in the kernel for the next. */
    private static final int MAX_EVENTS = 256;
    /** Tasks of one round; more wait for the next, so that tasks which beget tasks do not keep sockets waiting. */
    private static final int MAX_TASKS = 4096;
    private static final int FIRST_SOURCES = 256;
    private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int FOR_EVER = -1;

    /** What has a descriptor here. Its methods are called on the loop. */
    interface Source {
        /** Called with what epoll(7) reports of its descriptor. */
        void ready(int events);

        /** The loop ends by force: closes its descriptor. */
        void abandon();
    }

    private final Supplier<SocketLibc> calls;
    private final Sockets sockets;
    private final LongSupplier nanoClock;
    private final Runnable onEnd;
    private final int epoll;
    private final Waker waker;
    private final ReadyArray events;
    private final ReadyArray change;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Timers timers = new Timers(EpollLoop::guard);
    /** Streams that are known to be ready and wanted; each is in it once at most. */
    private final ArrayDeque<EpollStream> again = new ArrayDeque<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);
    private final ByteBuffer bounce = ByteBuffer.allocateDirect(SCRATCH_BYTES);
    private final long scratchAddress;
    private final long bounceAddress;
    private final Thread thread;
    private @Nullable DatagramArena datagrams;
    /** Of the loop alone; replaced between two events. */
    private SocketLibc libc;
    /** By descriptor; as large as the largest number this loop has seen, RLIMIT_NOFILE at most. */
    private @Nullable Source[] sources = new Source[FIRST_SOURCES];
    private int[] generations = new int[FIRST_SOURCES];
    private int lastGeneration;
    private int open;
    private boolean retired;
    private boolean stopped;

    /**
     * Makes a loop that {@link #start} has to follow.
     *
     * @param calls makes a set for a thread; the loop has one, and its waker has another
     * @param onEnd called on the thread as its last act
     */
    EpollLoop(int number, Supplier<SocketLibc> calls, Waker waker, LongSupplier nanoClock, Runnable onEnd) throws IOException {
        this.calls = calls;
        this.libc = calls.get();
        this.sockets = new Sockets(libc);
        this.events = new ReadyArray(MAX_EVENTS, libc);
        this.change = new ReadyArray(1, libc);
        this.scratchAddress = libc.address(scratch);
        this.bounceAddress = libc.address(bounce);
        this.waker = waker;
        this.nanoClock = nanoClock;
        this.onEnd = onEnd;
        this.epoll = libc.epollCreate1(Libc.O_CLOEXEC);
        if (epoll < 0) {
            throw sockets.failure();
        }
        makeRoom(waker.descriptor());
        if (!control(SocketLibc.EPOLL_CTL_ADD, waker.descriptor(), SocketLibc.EPOLLIN | SocketLibc.EPOLLET)) {
            IOException refused = sockets.failure();
            libc.close(epoll);
            throw refused;
        }
        this.thread = Thread.ofPlatform().daemon().inheritInheritableThreadLocals(false).name("flow-epoll-" + number).unstarted(this::run);
        // What the creating thread happens to have would be held as long as the loop lives.
        thread.setContextClassLoader(EpollLoop.class.getClassLoader());
    }

    void start() {
        thread.start();
    }

    private static void guard(Runnable task) {
        try {
            task.run();
        } catch (Throwable lastResort) {
            LOG.atError().addKeyValue("event", "flow.internal_error").setCause(lastResort).log("a task of an I/O thread failed");
        }
    }

    private void run() {
        boolean going = true;
        while (going) {
            while (!ended()) {
                round();
            }
            waker.shut();
            going = !stopped && !tasks.isEmpty();
            if (going) {
                waker.open();
            }
        }
        runTasks();
        abandonAll();
        libc.close(epoll);
        waker.close();
        onEnd.run();
    }

    private boolean ended() {
        return stopped || retired && open == 0 && tasks.isEmpty() && timers.untilNext(nanoClock.getAsLong()) < 0;
    }

    private void round() {
        int count = libc.epollWait(epoll, events.address(), events.capacity(), patience());
        waker.awake();
        for (int i = 0; i < count; i++) {
            int descriptor = events.descriptor(i);
            Source source = sources[descriptor];
            // A descriptor that was closed in this round may be another's already.
            if (source != null && generations[descriptor] == events.generation(i)) {
                // As few calls as can be lie above recv(2): once the compiler stops to inline, each call of libc makes an object.
                try {
                    source.ready(events.events(i));
                } catch (Throwable lastResort) {
                    lost(lastResort);
                }
            }
        }
        for (int left = again.size(); left > 0; left--) {
            EpollStream stream = again.remove();
            try {
                stream.again();
            } catch (Throwable lastResort) {
                lost(lastResort);
            }
        }
        runTasks();
        if (!timers.isEmpty()) {
            timers.run(nanoClock.getAsLong());
        }
    }

    private static void lost(Throwable defect) {
        LOG.atError().addKeyValue("event", "flow.internal_error").setCause(defect).log("an event of an I/O thread was lost");
    }

    private void runTasks() {
        Runnable task = tasks.poll();
        for (int i = 0; task != null; i++) {
            guard(task);
            task = i < MAX_TASKS ? tasks.poll() : null;
        }
    }

    /** How long to wait, in milliseconds, rounded up: a timer is never early. */
    private int patience() {
        if (!again.isEmpty()) {
            return 0;
        }
        waker.sleeping();
        if (!tasks.isEmpty()) {
            return 0;
        }
        if (timers.isEmpty()) {
            return FOR_EVER;
        }
        long nanos = timers.untilNext(nanoClock.getAsLong());
        return nanos < 0 ? FOR_EVER : Math.clamp((nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI, 0, Integer.MAX_VALUE);
    }

    private void abandonAll() {
        for (Source source : sources) {
            if (source != null) {
                source.abandon();
            }
        }
    }

    /** Ends once nothing is left on it. */
    void retire() {
        order(() -> retired = true);
    }

    /** Ends now; what is open is closed. */
    void stop() {
        order(() -> stopped = true);
    }

    private void order(Runnable change) {
        try {
            execute(change);
        } catch (RejectedExecutionException ended) {
            LOG.trace("the loop had ended", ended);
        }
    }

    /** Waits for the thread. */
    void join(Duration atMost) throws InterruptedException {
        thread.join(atMost);
    }

    SocketLibc libc() {
        return libc;
    }

    /** A set of calls for a thread that is not the loop's. */
    SocketLibc newCalls() {
        return calls.get();
    }

    /** Makes its calls by others from its next task on. Sockets stay as they are: descriptors belong to the process. */
    void calls(SocketLibc ofLoop, SocketLibc ofWaker) {
        waker.calls(ofWaker);
        order(() -> {
            libc = ofLoop;
            sockets.calls(ofLoop);
        });
    }

    Sockets sockets() {
        return sockets;
    }

    /** What its datagram sockets share. */
    DatagramArena datagrams() {
        DatagramArena made = datagrams == null ? DatagramArena.make(libc) : datagrams;
        datagrams = made;
        return made;
    }

    /** Takes in what has a descriptor, which is not watched yet. */
    void add(int descriptor, Source source) {
        makeRoom(descriptor);
        sources[descriptor] = source;
        generations[descriptor] = ++lastGeneration;
        open++;
    }

    private void makeRoom(int descriptor) {
        if (descriptor >= sources.length) {
            int length = Math.max(descriptor + 1, 2 * sources.length);
            sources = Arrays.copyOf(sources, length);
            generations = Arrays.copyOf(generations, length);
        }
    }

    /** Lets another one be called instead. */
    void replace(int descriptor, Source source) {
        sources[descriptor] = source;
    }

    /** Lets go what was added; another one may have its descriptor already. */
    void remove(int descriptor, Source source) {
        open--;
        if (sources[descriptor] == source) {
            sources[descriptor] = null;
        }
    }

    /** epoll_ctl(2) for a descriptor that was added. */
    boolean control(int operation, int descriptor, int wanted) {
        return libc.epollCtl(epoll, operation, descriptor, change.first(wanted, descriptor, generations[descriptor])) == 0;
    }

    /** Stops watching; callable from any thread that knows the loop has not ended, with the calls of that thread. */
    void unwatch(SocketLibc caller, int descriptor) {
        // Since Linux 2.6.9 the event may be NULL.
        caller.epollCtl(epoll, SocketLibc.EPOLL_CTL_DEL, descriptor, 0);
    }

    /** Has {@link EpollStream#again} called in the next round. */
    void later(EpollStream stream) {
        again.add(stream);
    }

    /** Receives into whatever buffer it is; as recv(2), and moves its position. */
    long receive(int descriptor, ByteBuffer to) {
        int room = to.remaining();
        if (to.isDirect()) {
            long received = libc.recv(descriptor, address(to), room, 0);
            if (received > 0) {
                to.position(to.position() + (int) received);
            }
            return received;
        }
        long received = libc.recv(descriptor, bounceAddress, Math.min(room, SCRATCH_BYTES), 0);
        if (received > 0) {
            to.put(bounce.clear().limit((int) received));
        }
        return received;
    }

    /** Sends from whatever buffer it is; as send(2), and moves its position. */
    long send(int descriptor, ByteBuffer from) {
        int before = from.position();
        long sent;
        if (from.isDirect()) {
            sent = libc.send(descriptor, address(from), from.remaining(), SocketLibc.MSG_NOSIGNAL);
        } else {
            int length = Math.min(from.remaining(), SCRATCH_BYTES);
            bounce.clear().put(0, from, before, length);
            sent = libc.send(descriptor, bounceAddress, length, SocketLibc.MSG_NOSIGNAL);
        }
        if (sent > 0) {
            from.position(before + (int) sent);
        }
        return sent;
    }

    @SuppressWarnings("ReferenceEquality")
    private long address(ByteBuffer direct) {
        // Asking a buffer makes an object, so the one that is nearly always meant is known.
        return direct == scratch ? scratchAddress + direct.position() : libc.address(direct);
    }

    @Override
    public boolean inside() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void execute(Runnable task) {
        Objects.requireNonNull(task);
        if (inside()) {
            tasks.add(task);
            return;
        }
        if (!waker.enter()) {
            throw new RejectedExecutionException("the loop has ended");
        }
        try {
            tasks.add(task);
            waker.wake();
        } finally {
            waker.leave();
        }
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        Cancellable timer = timers.timer(nanoClock.getAsLong(), TimeUnit.NANOSECONDS.convert(delay), task);
        if (inside()) {
            timers.add(timer);
        } else {
            execute(() -> timers.add(timer));
        }
        return timer;
    }

    @Override
    public ByteBuffer scratch() {
        assert inside();
        return scratch.clear();
    }
}
