// SPDX-License-Identifier: Apache-2.0
package io.portunus.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PostTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String BUNDLE = "com.example.door";
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    private Post apply(String version) {
        return Post.apply(new BundlePart(BUNDLE, version, "socket"), new Post.Holder() {
            @Override
            public void take(Post post) {
                events.add(version + " takes");
            }

            @Override
            public void leave() {
                events.add(version + " leaves");
            }
        });
    }

    private String next() throws InterruptedException {
        return String.valueOf(events.poll(SOON.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void theFirstTakesItAtOnceAndTheNextWhenThatHasLeft() throws InterruptedException {
        Post older = apply("1");
        try (Post newer = apply("2")) {
            assertThat(events).containsExactly("1 takes");
            assertThat(older.held()).isTrue();
            assertThat(newer.held()).isFalse();
            assertThat(Post.lacking(BUNDLE, "1")).isEmpty();
            assertThat(Post.lacking(BUNDLE, "2")).singleElement().asString().contains("held by another version");

            older.close();

            assertThat(List.of(next(), next(), next())).containsExactly("1 takes", "1 leaves", "2 takes");
            assertThat(older.held()).isFalse();
            await(newer::held);
            assertThat(Post.lacking(BUNDLE, "2")).isEmpty();
        }
        assertThat(next()).isEqualTo("2 leaves");
        assertThat(events).isEmpty();
    }

    @Test
    void oneThatGoesWhileItWaitsHasTakenNothing() throws InterruptedException {
        try (Post older = apply("1")) {
            apply("2").close();

            assertThat(events).containsExactly("1 takes");
            assertThat(older.held()).isTrue();
        }
        assertThat(List.of(next(), next())).containsExactly("1 takes", "1 leaves");
    }

    @Test
    void postsOfOtherNamesAndBundlesAreFree() {
        try (Post door = apply("1"); Post other = Post.apply(new BundlePart(BUNDLE, "2", "file"), new Idle());
                Post stranger = Post.apply(new BundlePart("com.example.gate", "1", "socket"), new Idle())) {
            assertThat(List.of(door, other, stranger)).allMatch(Post::held);
        }
    }

    @Test
    void whatHindersItIsWhatItsVersionLacks() {
        try (Post door = apply("1")) {
            door.hinder("the port is taken");
            assertThat(Post.lacking(BUNDLE, "1")).containsExactly("socket of com.example.door 1: the port is taken");

            door.hinder("");
            assertThat(Post.lacking(BUNDLE, "1")).isEmpty();
        }
    }

    @Test
    void whatWasBegunKeepsAVersionBusyThatHasLeft() {
        Post door = apply("1");
        CountDownLatch over = new CountDownLatch(1);

        door.close(atMost -> assertThat(over.await(atMost.toMillis(), TimeUnit.MILLISECONDS)).isTrue());
        assertThat(Post.busy(BUNDLE, "1")).isTrue();
        try (Post newer = apply("2")) {
            assertThat(newer.held()).isTrue();
        }

        over.countDown();
        await(() -> !Post.busy(BUNDLE, "1"));
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void oneThatThrowsHasItsReasonAndLetsTheNextHaveIt() throws InterruptedException {
        Post older = apply("1");
        Post broken = Post.apply(new BundlePart(BUNDLE, "2", "socket"), new Broken());
        Post third = apply("3");

        older.close();
        await(() -> Post.lacking(BUNDLE, "2").stream().anyMatch(why -> why.contains("no such device")));

        broken.close();
        assertThat(List.of(next(), next(), next())).containsExactly("1 takes", "1 leaves", "3 takes");
        third.close();
    }

    @Test
    void whoeverCannotTakeWhatIsFreeFailsAndHasNothing() {
        assertThatThrownBy(() -> Post.apply(new BundlePart(BUNDLE, "1", "socket"), new Broken())).hasMessageContaining("no such device");

        try (Post next = apply("2")) {
            assertThat(next.held()).isTrue();
        }
    }

    /** Has nothing to do. */
    private static class Idle implements Post.Holder {
        @Override
        public void take(Post post) {
            // Nothing is to be opened.
        }

        @Override
        public void leave() {
            // Nothing was opened.
        }
    }

    /** Cannot take anything. */
    private static final class Broken extends Idle {
        @Override
        public void take(Post post) {
            throw new IllegalStateException("no such device");
        }
    }
}
